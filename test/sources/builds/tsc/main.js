import { run } from './work.js';
run();
//# sourceMappingURL=main.js.map