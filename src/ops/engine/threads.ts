/**
 * Several threads for one primitive: workers share the engine's memory, each does its part of the rows, and the caller
 * does its own. Parts do not overlap, so that the bits are those of one thread.
 */
import { Worker } from 'node:worker_threads';
import type { Primitives } from './primitives.ts';

/** Places in the control array. */
const ROUND = 0;
const RUNNING = 1;
const STOP = 2;
const MOST_ARGUMENTS = 24;

/** A worker waits for a round, does its part, and says that it is done. */
const WORKER = `
const { workerData: data } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(data.module, { env: { memory: data.memory, abort() {} } });
const functions = [exports.product, exports.depthwise, exports.pool, exports.curve];
const control = new Int32Array(data.control);
const args = new Float64Array(data.args);
let round = 0;
for (;;) {
	Atomics.wait(control, ${ROUND}, round);
	round = Atomics.load(control, ${ROUND});
	if (Atomics.load(control, ${STOP})) break;
	const [which, from, to, scratch, count] = args;
	const list = Array.from(args.subarray(5, 5 + count));
	const [first, last] = [list[from], list[to]];
	list[from] = first + Math.floor(((last - first) * data.part) / data.parts);
	list[to] = first + Math.floor(((last - first) * (data.part + 1)) / data.parts);
	if (scratch >= 0) list[scratch] += data.part * 64;
	functions[which](...list);
	if (Atomics.sub(control, ${RUNNING}, 1) === 1) Atomics.notify(control, ${RUNNING});
}
`;

/** Multiply-adds below which a call is not worth waking others. */
const WORTHWHILE = 500_000;
/** What four values of a curve cost. */
const CURVE_COST = 64;

export class ThreadPool {
	readonly #control = new Int32Array(new SharedArrayBuffer(64));
	readonly #args = new Float64Array(new SharedArrayBuffer(8 * (MOST_ARGUMENTS + 5)));
	readonly #workers: readonly Worker[];
	readonly #parts: number;

	/** @param threads in all, the caller's included. */
	constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number) {
		this.#parts = threads;
		this.#workers = Array.from({ length: threads - 1 }, (_, i) => {
			const workerData = {
				module,
				memory,
				control: this.#control.buffer,
				args: this.#args.buffer,
				part: i + 1,
				parts: threads,
			};
			const worker = new Worker(WORKER, { eval: true, workerData });
			// The threads end with the program, they do not keep it.
			worker.unref();
			return worker;
		});
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
		this.#args.set([which, from, to, scratch, args.length, ...args]);
		Atomics.store(this.#control, RUNNING, this.#workers.length);
		Atomics.add(this.#control, ROUND, 1);
		Atomics.notify(this.#control, ROUND);
		const [first, last] = [args[from]!, args[to]!];
		const own = [...args];
		own[to] = first + Math.floor((last - first) / this.#parts);
		call(own);
		for (;;) {
			const running = Atomics.load(this.#control, RUNNING);
			if (running === 0) return;
			Atomics.wait(this.#control, RUNNING, running);
		}
	}

	dispose(): void {
		Atomics.store(this.#control, STOP, 1);
		Atomics.add(this.#control, ROUND, 1);
		Atomics.notify(this.#control, ROUND);
	}
}
