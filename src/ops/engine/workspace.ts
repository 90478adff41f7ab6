/** What a run gives the kernel of one node beside its inputs: the engine, and a place to keep prepared constants. */
import { type Engine, sharedEngine } from './engine.ts';

/** What results go through before they are stored: ((x + addend) − center) × factor + bias, a value a channel, and a range. */
export interface Epilogue {
	readonly addend?: Float32Array<ArrayBufferLike> | undefined;
	readonly center?: Float32Array<ArrayBufferLike> | undefined;
	readonly factor?: Float32Array<ArrayBufferLike> | undefined;
	readonly bias?: Float32Array<ArrayBufferLike> | undefined;
	readonly low: number;
	readonly high: number;
}

export const PLAIN: Epilogue = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

export class Workspace {
	readonly engine: Engine;
	/** Which inputs are the same in every run. */
	readonly constantInputs: ReadonlySet<number>;
	readonly #kept = new Map<string, { tag: string | number; address: number }>();

	constructor(engine: Engine, constantInputs: ReadonlySet<number> = new Set()) {
		this.engine = engine;
		this.constantInputs = constantInputs;
	}

	/** What `make` put at an address, made again only when `tag` is another than last time. */
	kept(key: string, tag: string | number, make: () => number): number {
		const known = this.#kept.get(key);
		if (known?.tag === tag) return known.address;
		if (known) this.engine.free(known.address);
		const address = make();
		this.#kept.set(key, { tag, address });
		return address;
	}

	/** Gives back all that was kept. */
	dispose(): void {
		for (const { address } of this.#kept.values()) this.engine.free(address);
		this.#kept.clear();
	}
}

/** Runs `body` in the node's workspace, or in one for this call whose result is copied out of the engine. */
export function inWorkspace(
	given: Workspace | undefined,
	body: (workspace: Workspace) => Float32Array<ArrayBufferLike>,
): Float32Array<ArrayBufferLike> {
	if (given) return body(given);
	const engine = sharedEngine();
	const workspace = new Workspace(engine);
	try {
		const result = body(workspace);
		const copy = new Float32Array(result.length);
		copy.set(result);
		engine.release(result);
		return copy;
	} finally {
		workspace.dispose();
	}
}
