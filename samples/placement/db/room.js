// True of a row `inv` of capacities that can give so much more.
export const HAS_ROOM =
  '(? BETWEEN inv.min_unit AND inv.max_unit AND ? % inv.step_size = 0 AND inv.used + ? <= inv.capacity)';

// What it asks for.
export const roomFor = (amount) => [amount, amount, amount];
