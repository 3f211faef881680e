/** Sums square roots. */
export function slow(x) {
    let sum = 0;
    for (let i = 0; i < 200; i++)
        sum += Math.sqrt(x + i);
    return sum;
}
//# sourceMappingURL=slow.js.map