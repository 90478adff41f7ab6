/**
 * Loops over all the weights of a model in WebAssembly (`assembly/blocks.ts`): the bytes of weights, as they lie in
 * the file, go through a small memory block by block, which stays in the processor's cache. Where the module or SIMD is missing nothing here
 * is there, and callers go over the weights in TypeScript, to the same bits.
 */
import { existsSync, readFileSync } from 'node:fs';
import { packageFile } from '../../graph/package-file.ts';

/** Bytes of a block. */
const BLOCK = 1 << 17;
const INPUT = 1 << 16;
const OUTPUT = INPUT + BLOCK;
const STATE = OUTPUT + BLOCK;

interface Exports {
	readonly memory: WebAssembly.Memory;
	range(input: number, count: number, result: number): void;
	quantize(input: number, count: number, output: number, steps: number, zero: number): void;
	round(input: number, count: number, output: number, min: number, width: number): void;
	mix(input: number, count: number, state: number): void;
}

export class Blocks {
	readonly #exports: Exports;
	readonly #bytes: Uint8Array;
	readonly #floats: Float32Array;
	readonly #words: Int32Array;

	private constructor(exports: Exports) {
		const { buffer } = exports.memory;
		this.#exports = exports;
		this.#bytes = new Uint8Array(buffer);
		this.#floats = new Float32Array(buffer);
		this.#words = new Int32Array(buffer);
	}

	/** undefined where there is no module or no SIMD. */
	static load(): Blocks | undefined {
		const path = packageFile('dist/blocks.wasm');
		if (typeof WebAssembly === 'undefined' || !existsSync(path)) return undefined;
		const bytes = readFileSync(path);
		if (!WebAssembly.validate(bytes)) return undefined;
		const imports = { env: { abort: () => undefined } };
		const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
		return new Blocks(instance.exports as unknown as Exports);
	}

	/** Least and greatest of the floats and of what is given. NaN never counts; of zeros any may come out. */
	range(values: Uint8Array, least: number, greatest: number): { min: number; max: number } {
		const state = STATE / 4;
		this.#floats[state] = least;
		this.#floats[state + 1] = greatest;
		this.#each(values, (count) => this.#exports.range(INPUT, count, STATE));
		return { min: this.#floats[state]!, max: this.#floats[state + 1]! };
	}

	/** Into a byte each: `values · steps`, halves away from zero, plus `zero`, at most 255; NaN gives 0. */
	quantize(values: Uint8Array, steps: number, zero: number, target: Uint8Array): void {
		this.#each(values, (count, at) => {
			this.#exports.quantize(INPUT, count, OUTPUT, steps, zero);
			target.set(this.#bytes.subarray(OUTPUT, OUTPUT + count), at);
		});
	}

	/** Into a float each: the middle of the value's step of `width` from `min`, in single precision. */
	round(values: Uint8Array, min: number, width: number, target: Uint8Array): void {
		this.#each(values, (count, at) => {
			this.#exports.round(INPUT, count, OUTPUT, min, width);
			target.set(this.#bytes.subarray(OUTPUT, OUTPUT + count * 4), at * 4);
		});
	}

	/** Takes whole words of 64 bits into a MurmurHash64A of two halves. `from` to `to` is a multiple of eight. */
	mix(bytes: Uint8Array, from: number, to: number, hash: { high: number; low: number }): void {
		const state = STATE / 4;
		this.#words[state] = hash.low;
		this.#words[state + 1] = hash.high;
		for (let at = from; at < to; at += BLOCK) {
			const size = Math.min(BLOCK, to - at);
			this.#bytes.set(bytes.subarray(at, at + size), INPUT);
			this.#exports.mix(INPUT, size / 8, STATE);
		}
		hash.low = this.#words[state]!;
		hash.high = this.#words[state + 1]!;
	}

	/** @param values bytes of floats, which need not lie aligned. */
	#each(values: Uint8Array, work: (count: number, at: number) => void): void {
		for (let at = 0; at < values.length; at += BLOCK) {
			const block = values.subarray(at, at + BLOCK);
			this.#bytes.set(block, INPUT);
			work(block.length / 4, at / 4);
		}
	}
}

let loaded: { readonly blocks: Blocks | undefined } | undefined;

/** The module, loaded when first asked for. */
export function weightBlocks(): Blocks | undefined {
	loaded ??= { blocks: Blocks.load() };
	return loaded.blocks;
}
