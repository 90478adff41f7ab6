/**
 * Where heavy kernels compute: one memory that WebAssembly and TypeScript share. Arrays in it are handed out,
 * counted and taken back, so that a run holds no more than is still to be read.
 */
import { existsSync, readFileSync } from 'node:fs';
import { WhittleError } from '../../graph/error.ts';
import { packageFile } from '../../graph/package-file.ts';
import { Tensor, type TensorData, type TensorValue } from '../../graph/tensor.ts';
import { Allocator } from './allocator.ts';
import type { Primitives } from './primitives.ts';
import { scriptPrimitives } from './script-primitives.ts';
import { ThreadPool } from './threads.ts';

const PAGE = 65536;
const MOST_PAGES = 65536;
/** The lowest addresses stay empty: 0 stands for nothing. The scratch space of the product kernel lies there. */
const RESERVED = 4096;
const SCRATCH = 1024;
/** As many as have scratch space of their own. */
const MOST_THREADS = 32;

export type EngineKind = 'wasm' | 'script';

export class Engine {
	readonly kind: EngineKind;
	readonly primitives: Primitives;
	readonly scratch = SCRATCH;
	readonly #allocator: Allocator;
	readonly #buffer: () => ArrayBufferLike;
	/** Every buffer that views were made on: growing makes a new one, the old ones stay valid. */
	readonly #buffers = new WeakSet<ArrayBufferLike>();
	readonly #counts = new Map<number, number>();
	#pool: ThreadPool | undefined;

	private constructor(
		kind: EngineKind,
		primitives: Primitives,
		buffer: () => ArrayBufferLike,
		grow: (bytes: number) => void,
	) {
		this.kind = kind;
		this.primitives = primitives;
		this.#buffer = buffer;
		this.#allocator = new Allocator(RESERVED, buffer().byteLength, (bytes) => {
			try {
				grow(bytes);
			} catch (cause) {
				throw new WhittleError('evaluate', 'The run needs more memory than there is.', { cause });
			}
			return buffer().byteLength;
		});
	}

	/**
	 * The WebAssembly engine; undefined where the module or SIMD is missing.
	 * @param threads that share large products; each costs a worker. Default 1.
	 */
	static wasm(threads = 1): Engine | undefined {
		const path = packageFile('dist/kernels.wasm');
		if (typeof WebAssembly === 'undefined' || !existsSync(path)) return undefined;
		const bytes = readFileSync(path);
		if (!WebAssembly.validate(bytes)) return undefined;
		const memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
		const module = new WebAssembly.Module(bytes);
		const instance = new WebAssembly.Instance(module, { env: { memory, abort: () => undefined } });
		const primitives = instance.exports as unknown as Primitives;
		const pool = threads > 1 ? new ThreadPool(module, memory, Math.min(threads, MOST_THREADS)) : undefined;
		const grow = (bytes: number): void => {
			const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
			// A sixteenth more than asked for: growing is slow.
			memory.grow(Math.min(missing + (missing >> 4) + 256, MOST_PAGES - memory.buffer.byteLength / PAGE));
			if (memory.buffer.byteLength < bytes) throw new RangeError('memory is used up');
		};
		const engine = new Engine('wasm', pool?.around(primitives) ?? primitives, () => memory.buffer, grow);
		engine.#pool = pool;
		return engine;
	}

	/** The engine in plain TypeScript. */
	static script(): Engine {
		const memory = new SharedArrayBuffer(16 * PAGE, { maxByteLength: MOST_PAGES * PAGE - PAGE });
		const grow = (bytes: number): void => memory.grow(Math.ceil((bytes * 17) / 16 / PAGE) * PAGE);
		return new Engine(
			'script',
			scriptPrimitives(() => memory),
			() => memory,
			grow,
		);
	}

	/** Ends the engine's threads; without any it does nothing. */
	dispose(): void {
		this.#pool?.dispose();
		this.#pool = undefined;
	}

	/** The most bytes that were in use at a time. */
	get peakBytes(): number {
		return this.#allocator.peak;
	}

	get usedBytes(): number {
		return this.#allocator.used;
	}

	/** A piece of memory; the caller frees it. */
	allocate(bytes: number): number {
		return this.#allocator.allocate(bytes);
	}

	free(address: number): void {
		this.#allocator.free(address);
	}

	/** An array in the engine's memory, held once. Its values are whatever lay there. */
	float32(length: number): Float32Array<ArrayBufferLike> {
		if (length === 0) return new Float32Array(0);
		const address = this.#allocator.allocate(length * 4);
		this.#counts.set(address, 1);
		return this.view(address, length);
	}

	/** A view on memory that {@link allocate} gave. */
	view(address: number, length: number): Float32Array<ArrayBufferLike> {
		const buffer = this.#buffer();
		// V8 may replace the buffer of a shared memory at any time after it has grown.
		this.#buffers.add(buffer);
		return new Float32Array(buffer, address, length);
	}

	words(address: number, length: number): Uint32Array<ArrayBufferLike> {
		return new Uint32Array(this.#buffer(), address, length);
	}

	owns(data: TensorData): data is Float32Array<ArrayBufferLike> {
		return ArrayBuffer.isView(data) && this.#buffers.has(data.buffer);
	}

	/** {@link retain} and {@link release} of a value. Tensors of a file lie elsewhere: they are not even decoded. */
	hold(value: TensorValue): void {
		if (!(value instanceof Tensor)) this.retain(value.data);
	}

	drop(value: TensorValue): void {
		if (!(value instanceof Tensor)) this.release(value.data);
	}

	/** Holds an array once more; nothing for an array of somewhere else. */
	retain(data: TensorData): void {
		const address = this.#pieceOf(data);
		if (address !== undefined) this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
	}

	/** Holds an array once less; the last one gives its memory back. */
	release(data: TensorData): void {
		const address = this.#pieceOf(data);
		if (address === undefined) return;
		const count = (this.#counts.get(address) ?? 1) - 1;
		if (count > 0) this.#counts.set(address, count);
		else {
			this.#counts.delete(address);
			this.#allocator.free(address);
		}
	}

	/** Whether two arrays lie in the same piece of memory. */
	sharesPiece(a: TensorData, b: TensorData): boolean {
		const piece = this.#pieceOf(a);
		return piece !== undefined && piece === this.#pieceOf(b);
	}

	#pieceOf(data: TensorData): number | undefined {
		return this.owns(data) ? this.#allocator.pieceAt(data.byteOffset) : undefined;
	}

	/** Runs `body` with the addresses of arrays; those that lie elsewhere are copied in for the time. */
	lend<T>(arrays: readonly Float32Array<ArrayBufferLike>[], body: (addresses: readonly number[]) => T): T {
		const copies: number[] = [];
		try {
			const addresses = arrays.map((array) => {
				if (this.owns(array) && array.length > 0) return array.byteOffset;
				const address = this.allocate(array.byteLength);
				copies.push(address);
				this.view(address, array.length).set(array);
				return address;
			});
			return body(addresses);
		} finally {
			for (const address of copies) this.free(address);
		}
	}
}

let shared: Engine | undefined;

/** The engine of this process: WebAssembly where it can be had. */
export function sharedEngine(): Engine {
	shared ??= Engine.wasm() ?? Engine.script();
	return shared;
}
