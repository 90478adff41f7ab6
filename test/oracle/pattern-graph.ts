/** Random graphs out of the pieces that the pattern transforms look for, each now and then not quite right. */
import { Attr } from '../../src/graph/attr.ts';
import { DT_FLOAT, DT_INT32, DT_INT64, DT_RESOURCE } from '../../src/graph/dtype.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Node } from '../../src/graph/node.ts';
import type { RandomSource } from '../../src/graph/random.ts';
import { type Choices, choices } from './choices.ts';

const FLOAT = Attr.type(DT_FLOAT);
const INT = Attr.type(DT_INT32);
const RESOURCE = Attr.type(DT_RESOURCE);
const IMAGE = { T: FLOAT, strides: Attr.ints([1, 1, 1, 1]), padding: Attr.string('SAME') };
const PIECES = [
	...['scaledConv', 'scaledConv', 'scaledMatMul', 'norm', 'norm', 'norm', 'atrous', 'atrous', 'concat'],
	...['padded', 'resized', 'resizedAndPadded', 'arrays', 'fakeQuant', 'fakeQuant', 'elementwise', 'gather'],
] as const;

/** @param pieces which of {@link PIECES} to take; all unless given. */
export function patternGraph(random: RandomSource, pieces: readonly string[] = PIECES): Graph {
	const graph = new PatternGraph(choices(random));
	return graph.build(PIECES.filter((piece) => pieces.includes(piece)));
}

class PatternGraph {
	readonly pick: Choices;
	readonly nodes: Node[] = [];
	/** Inputs that read a float image. */
	readonly images: string[] = [];
	/** Names that others may read as well without the C++ tool running for ever. */
	readonly shareable: string[] = [];
	readonly constants = new Map<string, string[]>();

	constructor(pick: Choices) {
		this.pick = pick;
	}

	build(pieces: readonly (typeof PIECES)[number][]): Graph {
		const { pick } = this;
		for (let count = 1 + pick.below(2); count > 0; count--)
			this.done(this.add('x', 'Placeholder', [], { dtype: FLOAT }));
		for (let count = 1 + pick.below(4); count > 0; count--) this[pick.one(pieces)]();
		for (let count = pick.below(3); count > 0; count--) {
			const name = this.add('reader', 'Relu', [pick.one(this.shareable)], { T: FLOAT });
			if (pick.chance(0.3)) this.images.push(name);
		}
		return new Graph(pick.chance(0.5) ? pick.shuffled(this.nodes) : this.nodes);
	}

	add(stem: string, op: string, inputs: readonly string[], attrs: Record<string, Attr> = {}): string {
		const { pick, nodes } = this;
		const name = `${stem}${nodes.length}`;
		const controls = inputs.length > 0 && pick.chance(0.04) ? [`^${pick.one(nodes).name}`] : [];
		const device = pick.chance(0.1) ? '/cpu:0' : '';
		const extra: Record<string, Attr> = pick.chance(0.1) ? { _class: Attr.string('loc:@x') } : {};
		nodes.push(
			Node.of({ name, op, inputs: [...inputs, ...controls], device, attrs: { ...attrs, ...extra } }),
		);
		return name;
	}

	/** An image: one that others read too, or a new one. The result of a piece is an image for the next. */
	image(): string {
		const name = this.pick.one(this.images);
		if (this.pick.chance(0.05)) return this.through(name);
		return this.pick.chance(0.15) ? `${name}:0` : name;
	}

	through(name: string, T = FLOAT): string {
		return this.add('id', 'Identity', [name], { T });
	}

	done(name: string): void {
		this.images.push(name);
		this.shareable.push(name);
	}

	/** @param share how likely an equal constant is taken in place of a new one. */
	floats(shape: readonly number[], share: number): string {
		const size = shape.reduce((product, length) => product * length, 1);
		const data = Float32Array.from({ length: size }, () => Math.fround((this.pick.below(2001) - 600) / 97));
		const value = this.pick.one([Attr.tensor, Attr.tensorTyped])({ dtype: DT_FLOAT, shape, data });
		return this.constant(`f${shape.join('x')}`, { dtype: FLOAT, value }, share);
	}

	ints(shape: readonly number[], values: readonly number[], share: number): string {
		const value = Attr.tensor({ dtype: DT_INT32, shape, data: Int32Array.from(values) });
		return this.constant(`i${values.join('_')}`, { dtype: INT, value }, share);
	}

	private constant(key: string, attrs: Record<string, Attr>, share: number): string {
		const known = this.constants.get(key) ?? [];
		if (known.length > 0 && this.pick.chance(share)) return this.pick.one(known);
		const name = this.add('c', 'Const', [], attrs);
		if (share > 0) this.constants.set(key, [...known, name]);
		return this.pick.chance(0.04) ? this.through(name, attrs.dtype) : name;
	}

	conv(input: string, channels = 2): string {
		const depthwise = this.pick.chance(0.25);
		const [op, shape] = depthwise
			? ['DepthwiseConv2dNative', [1, 2, channels, 1]]
			: ['Conv2D', [1, 2, 1, channels]];
		const weights = this.floats(shape as number[], 0.2);
		const attrs: Record<string, Attr> = { ...IMAGE, data_format: Attr.string('NHWC') };
		if (!depthwise) attrs.use_cudnn_on_gpu = Attr.bool(true);
		const conv = this.add('conv', op as string, [input, weights], attrs);
		this.shareable.push(
			...(this.pick.chance(0.2) ? [conv] : []),
			...(this.pick.chance(0.3) ? [weights] : []),
		);
		return conv;
	}

	maybeThrough(name: string): string {
		return this.pick.chance(0.05) ? this.through(name) : name;
	}

	scaled(product: string): void {
		const scale = this.floats([this.pick.chance(0.01) ? 3 : 2], 0.15);
		if (this.pick.chance(0.2)) this.shareable.push(scale);
		const operands = [this.maybeThrough(product), scale];
		if (this.pick.chance(0.08)) operands.reverse();
		this.done(this.add('mul', 'Mul', operands, { T: FLOAT }));
	}

	scaledConv(): void {
		this.scaled(this.conv(this.image()));
	}

	scaledMatMul(): void {
		const attrs = { T: FLOAT, transpose_a: Attr.bool(false), transpose_b: Attr.bool(this.pick.chance(0.2)) };
		this.scaled(this.add('matmul', 'MatMul', [this.image(), this.floats([2, 2], 0.3)], attrs));
	}

	norm(): void {
		const { pick } = this;
		const kind = pick.below(4);
		const conv = this.conv(this.image());
		let input = conv;
		if (kind === 1) {
			const [block, crops] = [this.ints([2], [2, 2], 0), this.ints([2, 2], [0, 0, 0, 0], 0)];
			input = this.add('b2s', 'BatchToSpaceND', [conv, block, crops], { T: FLOAT });
		} else if (kind === 2) {
			const along = pick.chance(0.5);
			const both = along
				? [this.conv(this.image(), 1), this.conv(this.image(), 1)]
				: [conv, this.conv(this.image())];
			const attrs = { N: Attr.int(2), T: FLOAT, Tidx: INT };
			input = this.add('concat', 'ConcatV2', [...both, this.ints([], [along ? 3 : 2], 0)], attrs);
		}
		const statistics = [0, 1, 2, 3].map(() => this.statistic());
		const old = pick.chance(0.3);
		const attrs = old
			? {
					T: FLOAT,
					variance_epsilon: Attr.float(1e-3),
					scale_after_normalization: Attr.bool(pick.chance(0.5)),
				}
			: { T: FLOAT, epsilon: Attr.float(1e-3), is_training: Attr.bool(pick.chance(0.1)) };
		const op = old
			? 'BatchNormWithGlobalNormalization'
			: pick.one(['FusedBatchNorm', 'FusedBatchNorm', 'FusedBatchNorm', 'FusedBatchNormV3']);
		const types: Record<string, Attr> = op.endsWith('V3') ? { U: FLOAT } : {};
		this.done(this.add('norm', op, [this.maybeThrough(input), ...statistics], { ...attrs, ...types }));
	}

	/** Positive, and nobody else's. */
	statistic(): string {
		const data = Float32Array.from({ length: 2 }, () => Math.fround((1 + this.pick.below(900)) / 77));
		const value = Attr.tensor({ dtype: DT_FLOAT, shape: [2], data });
		return this.add('s', 'Const', [], { dtype: FLOAT, value });
	}

	atrous(): void {
		const { pick } = this;
		const block = pick.one([
			[2, 2],
			[2, 3],
			[1, 2],
		]);
		const blocks = [0, 1].map(() => this.ints([2], block, pick.chance(0.2) ? 1 : 0));
		const four = [0, 1].map(() => this.ints([2, 2], [0, 1, 0, 1], pick.chance(0.15) ? 1 : 0));
		const spread = this.add('s2b', 'SpaceToBatchND', [this.image(), blocks[0]!, four[0]!], { T: FLOAT });
		const conv = this.conv(this.maybeThrough(spread));
		this.done(
			this.add('b2s', 'BatchToSpaceND', [this.maybeThrough(conv), blocks[1]!, four[1]!], { T: FLOAT }),
		);
	}

	concat(): void {
		const axis = this.ints([], [this.pick.below(2)], 0.5);
		const attrs = { N: Attr.int(2), T: FLOAT, Tidx: INT };
		this.done(this.add('cat', 'ConcatV2', [this.image(), this.image(), axis], attrs));
	}

	pad(input: string): string {
		const paddings = this.ints([4, 2], [0, 0, 1, 1, 1, 1, 0, 0], 0.2);
		const op = this.pick.chance(0.1) ? 'Pad' : 'MirrorPad';
		const mode: Record<string, Attr> =
			op === 'Pad' ? {} : { mode: Attr.string(this.pick.one(['REFLECT', 'SYMMETRIC'])) };
		const pad = this.add('pad', op, [input, paddings], { T: FLOAT, Tpaddings: INT, ...mode });
		if (this.pick.chance(0.15)) this.shareable.push(pad);
		return pad;
	}

	resize(): string {
		const size = this.ints([2], [4, 4], 0.3);
		const attrs = { T: FLOAT, align_corners: Attr.bool(this.pick.chance(0.5)) };
		const resize = this.add('resize', 'ResizeBilinear', [this.image(), size], attrs);
		if (this.pick.chance(0.15)) this.shareable.push(resize);
		return resize;
	}

	padded(): void {
		this.done(this.conv(this.pad(this.image())));
	}

	resized(): void {
		this.done(this.conv(this.maybeThrough(this.resize())));
	}

	resizedAndPadded(): void {
		this.done(this.conv(this.pad(this.maybeThrough(this.resize()))));
	}

	arrays(): void {
		const size = this.ints([], [3], 0.5);
		const array = this.add('ta', this.pick.one(['TensorArrayV3', 'TensorArrayV3', 'TensorArrayV2']), [size], {
			dtype: FLOAT,
		});
		const handle = `${array}${this.pick.one(['', ':0'])}`;
		const flow = `${array}:1`;
		const whole = this.ints([1], [0], 0.5);
		const [kind, inputs, attrs] = this.pick.one<[string, string[], Record<string, Attr>]>([
			['Read', [handle, size, flow], { dtype: FLOAT }],
			['Gather', [handle, whole, flow], { dtype: FLOAT }],
			['Concat', [handle, flow], { dtype: FLOAT }],
			['Write', [handle, size, this.image(), flow], { T: FLOAT }],
			['Scatter', [handle, whole, this.image(), flow], { T: FLOAT }],
			['Split', [handle, this.image(), this.lengths(), flow], { T: FLOAT }],
			['Size', [handle, flow], {}],
			['Close', [handle], {}],
			['Grad', [handle, flow], { source: Attr.string('g') }],
			['Grad', [handle, size, flow], { dtype: FLOAT, T: RESOURCE }],
		]);
		const access = this.add('access', `TensorArray${kind}V3`, inputs, attrs);
		if (kind === 'Grad') this.add('flow', 'Identity', [`${access}:1`], { T: FLOAT });
		else if (!['Close', 'Size'].includes(kind) && this.pick.chance(0.5))
			this.add('flow', 'Identity', [access], { T: attrs.T ?? FLOAT });
	}

	lengths(): string {
		const value = Attr.tensor({ dtype: DT_INT64, shape: [1], data: BigInt64Array.of(3n) });
		return this.constant('lengths', { dtype: Attr.type(DT_INT64), value }, 0.5);
	}

	elementwise(): void {
		const { pick } = this;
		const op = pick.one([
			'Relu',
			'Relu6',
			'BiasAdd',
			'Add',
			'Mul',
			'MaxPool',
			'AvgPool',
			'Reshape',
			'Concat',
			'AddV2',
		]);
		const whole = pick.chance(0.02) ? INT : FLOAT;
		const pool = { ...IMAGE, ksize: Attr.ints([1, 2, 2, 1]) };
		const [inputs, attrs] = (
			{
				BiasAdd: [[this.image(), this.floats([2], 0.2)], { T: whole }],
				Add: [[this.image(), this.floats([2], 0.2)], { T: whole }],
				AddV2: [[this.image(), this.floats([2], 0.2)], { T: whole }],
				Mul: [[this.image(), this.floats([2], 0.2)], { T: whole }],
				MaxPool: [[this.image()], pool],
				AvgPool: [[this.image()], pool],
				Reshape: [[this.image(), this.ints([1], [-1], 0.5)], { T: FLOAT, Tshape: INT }],
				Concat: [
					[this.ints([], [1], 0.5), this.image(), this.floats([2, 2], 0.3)],
					{ N: Attr.int(2), T: FLOAT },
				],
			} as Record<string, [string[], Record<string, Attr>]>
		)[op] ?? [[this.image()], { T: whole }];
		this.done(this.add('op', op, inputs, attrs));
	}

	fakeQuant(): void {
		for (let count = this.pick.below(3); count > 0; count--) this.elementwise();
		const bounds = [this.floats([], 0.1), this.floats([], 0.1)];
		this.done(this.add('fq', 'FakeQuantWithMinMaxVars', [this.images.at(-1)!, ...bounds]));
	}

	gather(): void {
		const { pick } = this;
		const data = Float32Array.from({ length: 4 }, () => pick.one([0, 0, 1e-6, 0.5, -2]));
		const shape = pick.chance(0.03) ? [2, 2] : [4, 1];
		const value = Attr.tensor({ dtype: DT_FLOAT, shape, data });
		const table = this.constant('table', { dtype: FLOAT, value }, 0.2);
		const read = this.add('read', 'Identity', [table], { T: FLOAT });
		const ids = this.ints([2], [0, 3], 0.4);
		const second = pick.chance(0.5);
		const axis = second ? [this.ints([], [pick.chance(0.03) ? 1 : 0], 0.2)] : [];
		const attrs: Record<string, Attr> = {
			Tparams: FLOAT,
			Tindices: INT,
			_output_shapes: Attr.shapes([[2, 1]]),
			...(second && { Taxis: INT }),
		};
		const gather = this.add('gather', second ? 'GatherV2' : 'Gather', [read, ids, ...axis], attrs);
		this.images.push(gather);
		if (pick.chance(0.1)) this.shareable.push(read, table);
	}
}
