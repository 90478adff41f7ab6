/**
 * Several threads for one primitive: workers share the engine's memory, and whoever is free takes the next piece of the
 * rows. A worker that the machine does not let run is not waited for. Pieces do not overlap, so that the bits are those
 * of one thread.
 */
import { Worker } from 'node:worker_threads';
import type { Primitives } from './primitives.ts';

/**
 * Places in the control array. What there is to do is one number, so that it can be taken at once: the call's number
 * times `CALL` and the pieces that are left.
 */
const LEFT = 0;
const DONE = 1;
const STOP = 2;
const CALL = 256;
const MOST_CALLS = 2 ** 22;
const MOST_ARGUMENTS = 24;
/** More pieces than threads: they need not be equally fast. */
const PIECES_EACH = 3;

/** A worker takes pieces while there are any, and waits for the next call. The arguments hold until all are done. */
const WORKER = `
const { workerData: data } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(data.module, { env: { memory: data.memory, abort() {} } });
const functions = [exports.product, exports.depthwise, exports.pool, exports.curve];
const control = new Int32Array(data.control);
const args = new Float64Array(data.args);
function take() {
	for (;;) {
		const left = Atomics.load(control, ${LEFT});
		if (left % ${CALL} === 0) return left;
		if (Atomics.compareExchange(control, ${LEFT}, left, left - 1) !== left) continue;
		const piece = (left % ${CALL}) - 1;
		const [which, from, to, scratch, count, pieces] = args;
		const list = Array.from(args.subarray(6, 6 + count));
		const [first, last] = [list[from], list[to]];
		list[from] = first + Math.floor(((last - first) * piece) / pieces);
		list[to] = first + Math.floor(((last - first) * (piece + 1)) / pieces);
		if (scratch >= 0) list[scratch] += data.part * 64;
		functions[which](...list);
		if (Atomics.add(control, ${DONE}, 1) + 1 === pieces) Atomics.notify(control, ${DONE});
	}
}
for (;;) {
	const left = take();
	if (Atomics.load(control, ${STOP})) break;
	Atomics.wait(control, ${LEFT}, left);
}
`;

/** Multiply-adds below which a call is not worth waking others. */
const WORTHWHILE = 500_000;
/** What four values of a curve cost. */
const CURVE_COST = 64;

export class ThreadPool {
	readonly #control = new Int32Array(new SharedArrayBuffer(64));
	readonly #args = new Float64Array(new SharedArrayBuffer(8 * (MOST_ARGUMENTS + 6)));
	readonly #parts: number;
	#calls = 0;

	/** @param threads in all, the caller's included. */
	constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number) {
		this.#parts = threads;
		for (let part = 1; part < threads; part++) {
			const workerData = {
				module,
				memory,
				control: this.#control.buffer,
				args: this.#args.buffer,
				part,
			};
			// The threads end with the program, they do not keep it.
			new Worker(WORKER, { eval: true, workerData }).unref();
		}
	}

	/** The same primitives; large calls are shared out. */
	around(primitives: Primitives): Primitives {
		return {
			...primitives,
			product: (...args) => {
				const [, rows, taps, run, , columns] = args;
				if (rows * taps * run * columns < WORTHWHILE) return primitives.product(...args);
				// Many rows: a part of the blocks of rows for each; few: a part of the panels.
				const byRows = rows >= 32 * this.#parts;
				this.#share(0, byRows ? 14 : 16, byRows ? 15 : 17, 19, args, (own) =>
					primitives.product(...(own as Parameters<Primitives['product']>)),
				);
			},
			depthwise: (...args) => {
				const [, first, last, taps, channels] = args;
				if ((last - first) * taps * channels < WORTHWHILE) return primitives.depthwise(...args);
				this.#share(1, 1, 2, -1, args, (own) =>
					primitives.depthwise(...(own as Parameters<Primitives['depthwise']>)),
				);
			},
			pool: (...args) => {
				const [, first, last, taps, channels] = args;
				if ((last - first) * taps * channels < WORTHWHILE) return primitives.pool(...args);
				this.#share(2, 1, 2, -1, args, (own) => primitives.pool(...(own as Parameters<Primitives['pool']>)));
			},
			curve: (...args) => {
				const [, , , first, last] = args;
				if ((last - first) * CURVE_COST < WORTHWHILE) return primitives.curve(...args);
				this.#share(3, 3, 4, -1, args, (own) =>
					primitives.curve(...(own as Parameters<Primitives['curve']>)),
				);
			},
		};
	}

	/** @param from @param to places of the arguments that give the range to share out. */
	#share(
		which: number,
		from: number,
		to: number,
		scratch: number,
		args: readonly number[],
		call: (own: readonly number[]) => void,
	): void {
		const [first, last] = [args[from]!, args[to]!];
		const pieces = Math.min(last - first, this.#parts * PIECES_EACH, CALL - 1);
		this.#args.set([which, from, to, scratch, args.length, pieces, ...args]);
		Atomics.store(this.#control, DONE, 0);
		this.#calls = (this.#calls + 1) % MOST_CALLS;
		Atomics.store(this.#control, LEFT, this.#calls * CALL + pieces);
		Atomics.notify(this.#control, LEFT);
		for (;;) {
			const left = Atomics.load(this.#control, LEFT);
			const piece = (left % CALL) - 1;
			if (piece < 0) break;
			if (Atomics.compareExchange(this.#control, LEFT, left, left - 1) !== left) continue;
			const own = [...args];
			own[from] = first + Math.floor(((last - first) * piece) / pieces);
			own[to] = first + Math.floor(((last - first) * (piece + 1)) / pieces);
			call(own);
			Atomics.add(this.#control, DONE, 1);
		}
		for (;;) {
			const done = Atomics.load(this.#control, DONE);
			if (done === pieces) return;
			Atomics.wait(this.#control, DONE, done);
		}
	}

	dispose(): void {
		Atomics.store(this.#control, STOP, 1);
		// Another call, with nothing to do, wakes them.
		Atomics.store(this.#control, LEFT, ((this.#calls + 1) % MOST_CALLS) * CALL);
		Atomics.notify(this.#control, LEFT);
	}
}
