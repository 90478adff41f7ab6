/** Runs one node: its kernel, in its workspace. Workspaces and constants live as long as the executor. */

import { baseDtype } from '../graph/dtype.ts';
import { messageOf, WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { Tensor, type TensorValue } from '../graph/tensor.ts';
import type { Kernel, KernelContext } from '../ops/define.ts';
import type { Engine } from '../ops/engine/engine.ts';
import { type Epilogue, Workspace } from '../ops/engine/workspace.ts';
import { opByName } from '../ops/index.ts';
import { attrOrDefault, outputDtypes, signatureOf } from '../ops/signature.ts';
import { fastKernel } from './fast-kernels.ts';
import type { FunctionCalls } from './function-calls.ts';
import { guardKernel } from './guard-kernels.ts';
import { cannotRunNode } from './node-error.ts';
import { randomKernel } from './random-kernels.ts';
import { variableKernel } from './variable-kernels.ts';

const SUMS: ReadonlySet<string> = new Set(['Add', 'AddV2']);

/** The op's own kernel; the kernels of sums leave the range that follows them to us. */
function plainKernel(
	kernel: Kernel,
	inputs: readonly TensorValue[],
	context: KernelContext,
): readonly TensorValue[] {
	const outputs = kernel(inputs, context);
	const { epilogue } = context;
	if (!epilogue || !SUMS.has(context.node.op)) return outputs;
	const [{ dtype, shape, data }] = outputs as [TensorValue];
	const clamped = (data as Float32Array).map((v) => Math.min(Math.max(v, epilogue.low), epilogue.high));
	return [{ dtype, shape, data: clamped }];
}

export class NodeRunner {
	readonly graph: Graph;
	readonly engine: Engine;
	readonly calls: FunctionCalls;
	readonly #contexts = new Map<Node, KernelContext>();
	/** Outputs of nodes that are the same in every run. */
	readonly #constants = new Map<Node, readonly TensorValue[]>();

	constructor(graph: Graph, engine: Engine, calls: FunctionCalls) {
		this.graph = graph;
		this.engine = engine;
		this.calls = calls;
	}

	constantOf(node: Node): readonly TensorValue[] | undefined {
		return this.#constants.get(node);
	}

	/** Keeps the outputs of a node for later runs. */
	keepConstant(node: Node, outputs: readonly TensorValue[]): void {
		for (const output of outputs) this.engine.hold(output);
		this.#constants.set(node, outputs);
	}

	/**
	 * @param constantInputs which inputs are the same in every run; only looked at the first time.
	 * @param epilogue what follows a convolution, product or sum and is done with it.
	 * @returns outputs; those in the engine's memory are held once.
	 */
	run(
		node: Node,
		inputs: readonly TensorValue[],
		constantInputs: () => ReadonlySet<number>,
		epilogue?: Epilogue,
	): readonly TensorValue[] {
		const plain = this.#context(node, constantInputs);
		const context = epilogue ? { ...plain, epilogue } : plain;
		const kernel =
			opByName(node.op)?.kernel ??
			guardKernel(node.op) ??
			randomKernel(node.op) ??
			variableKernel(node.op, this.graph.parts.context);
		if (!kernel && node.op.startsWith('Placeholder'))
			throw cannotRunNode(node, 'it is an input and was given no value');
		if (!kernel)
			throw cannotRunNode(node, signatureOf(node.op) ? 'the op is not implemented' : 'the op is unknown');
		try {
			const outputs = fastKernel(node.op, inputs, context) ?? plainKernel(kernel, inputs, context);
			this.#hold(outputs, inputs);
			return outputs;
		} catch (error) {
			if (error instanceof WhittleError && error.message.startsWith('cannot run')) throw error;
			throw cannotRunNode(node, messageOf(error), error);
		}
	}

	/** A fetched value outlives the run: what lies in the engine is copied. */
	copyOut(token: TensorValue): TensorValue {
		if (token instanceof Tensor) return token;
		if (!this.engine.owns(token.data)) return token;
		const copy = new Float32Array(token.data.length);
		copy.set(token.data);
		return { dtype: token.dtype, shape: token.shape, data: copy };
	}

	/** An output that is an input, or an earlier output, is held once more. */
	#hold(outputs: readonly TensorValue[], inputs: readonly TensorValue[]): void {
		const seen = inputs.filter((input) => !(input instanceof Tensor)).map((input) => input.data);
		for (const output of outputs) {
			if (output instanceof Tensor || !this.engine.owns(output.data)) continue;
			const { data } = output;
			if (seen.some((other) => this.engine.sharesPiece(other, data))) this.engine.retain(data);
			seen.push(data);
		}
	}

	#context(node: Node, constantInputs: () => ReadonlySet<number>): KernelContext {
		let context = this.#contexts.get(node);
		if (!context) {
			const signature = signatureOf(node.op, this.graph.functions);
			const dtypes = (outputDtypes(node, this.graph.functions) ?? []).map(baseDtype);
			context = {
				node,
				attr: (name) => (signature ? attrOrDefault(node, signature, name) : node.attr(name)),
				outputCount: dtypes.length,
				outputDtypes: dtypes,
				workspace: new Workspace(this.engine, constantInputs()),
			};
			this.#contexts.set(node, context);
		}
		return context;
	}

	dispose(): void {
		for (const context of this.#contexts.values()) context.workspace?.dispose();
		for (const outputs of this.#constants.values()) {
			for (const output of outputs) this.engine.drop(output);
		}
		this.#contexts.clear();
		this.#constants.clear();
		this.calls.dispose();
	}
}
