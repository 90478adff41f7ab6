/**
 * The heavy loops in AssemblyScript, compiled to WebAssembly with SIMD by `npm run build`. Memory comes from outside;
 * arguments are addresses in bytes and sizes in floats. `src/ops/engine/script-primitives.ts` is the same in plain
 * TypeScript: sums run in the same order and are rounded at the same places, so that both give the same bits.
 */
export { curve, softmax } from './curves';
export { depthwise } from './depthwise';
export { affine, clamp, combine } from './elementwise';
export { pool } from './pool';
export { pack, product } from './product';
