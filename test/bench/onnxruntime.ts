/**
 * onnxruntime-web, where it is found: too large to be a dependency. `WHITTLE_ONNXRUNTIME` names a folder in whose
 * `node_modules` it lies; without it the package is looked for as this project's own.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the bench uses of its interface. */
interface Runtime {
	readonly env: {
		readonly wasm: { numThreads: number; proxy: boolean };
		readonly versions: { readonly web?: string };
		logLevel: string;
	};
	readonly InferenceSession: {
		create(model: Uint8Array, options: object): Promise<Session>;
	};
	readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}

interface Session {
	readonly inputNames: readonly string[];
	readonly outputNames: readonly string[];
	run(feeds: Readonly<Record<string, object>>): Promise<Record<string, { readonly data: Float32Array }>>;
	release(): Promise<void>;
}

/** A model that is ready to run on one image. */
export interface OtherEngine {
	/** All outputs, in order. */
	run(): Promise<readonly Float32Array[]>;
	release(): Promise<void>;
}

export class OnnxRuntime {
	readonly #runtime: Runtime;

	private constructor(runtime: Runtime) {
		this.#runtime = runtime;
	}

	/** One thread. undefined where there is none: figures are then absolute only. */
	static async find(folder = process.env.WHITTLE_ONNXRUNTIME): Promise<OnnxRuntime | undefined> {
		const from = folder ? pathToFileURL(resolve(folder, 'package.json')) : import.meta.url;
		try {
			const file = createRequire(from).resolve('onnxruntime-web');
			const runtime = (await import(pathToFileURL(file).href)) as Runtime;
			runtime.env.wasm.numThreads = 1;
			runtime.env.wasm.proxy = false;
			runtime.env.logLevel = 'error';
			return new OnnxRuntime(runtime);
		} catch {
			process.stderr.write(
				'onnxruntime-web is not found (WHITTLE_ONNXRUNTIME): the engine is measured on its own.\n',
			);
			return undefined;
		}
	}

	get version(): string {
		return this.#runtime.env.versions.web ?? 'unknown';
	}

	/** @param image channels first. */
	async load(model: Uint8Array, image: Float32Array, shape: readonly number[]): Promise<OtherEngine> {
		const session = await this.#runtime.InferenceSession.create(model, {
			executionProviders: ['wasm'],
			graphOptimizationLevel: 'all',
		});
		const feeds = { [session.inputNames[0]!]: new this.#runtime.Tensor('float32', image, shape) };
		return {
			run: async () => {
				const results = await session.run(feeds);
				return session.outputNames.map((name) => results[name]!.data);
			},
			release: () => session.release(),
		};
	}
}
