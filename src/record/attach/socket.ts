/** The WebSocket of the package `ws`, for Node before 22. Bundled apart as CommonJS, which `ws` is; loaded on demand. */
export { WebSocket } from 'ws';
