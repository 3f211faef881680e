// Chance with a fixed seed, so that every run serves the same bytes. (The generator is xorshift32, by Marsaglia.)

export function createRandom(seed) {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const word = () => next().toString(16).padStart(8, '0');
  return {
    below: (limit) => next() % limit,
    uuid() {
      const hex = word() + word() + word() + word();
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
