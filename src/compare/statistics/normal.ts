/** The standard normal distribution. */

/** z of a two-sided 95 % interval. */
export const Z_95 = 1.959963984540054;

/** P(Z ≤ z). The relative error is below 1e-13, in the lower tail too. */
export function normalCdf(z: number): number {
  return z > 0 ? 1 - lowerTail(-z) : lowerTail(z);
}

/** Below this z the continued fraction converges quickly; above it the series does. */
const SERIES_LIMIT = -3;

/** P(Z ≤ z) for z ≤ 0. */
function lowerTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z > SERIES_LIMIT ? 0.5 - density * centralSeries(-z) : density * millsRatio(-z);
}

/** (Φ(x) − ½) / φ(x) = x + x³/3 + x⁵/(3·5) + …; https://dlmf.nist.gov/7.6#E2 */
function centralSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * Number.EPSILON; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

/** (1 − Φ(x)) / φ(x) = 1/(x + 1/(x + 2/(x + 3/(x + …)))); https://dlmf.nist.gov/7.9 */
function millsRatio(x: number): number {
  let fraction = x;
  for (let level = 100; level > 0; level--) fraction = x + level / fraction;
  return 1 / fraction;
}
