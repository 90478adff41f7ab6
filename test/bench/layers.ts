/** What the bench's networks are made of. */
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';

const NHWC = 'NHWC';

/** A weight is a Const and an Identity that reads it, as freezing leaves it. */
export class Layers {
	readonly builder: GraphBuilder;

	constructor(seed: number) {
		this.builder = new GraphBuilder({ seed });
	}

	weight(name: string, shape: readonly number[], limit?: number): string {
		const value = this.builder.random(name, shape, limit);
		return this.builder.node(`${name}/read`, 'Identity', [value], { T: FLOAT });
	}

	convolution(name: string, x: string, shape: readonly number[], stride: number, padding = 'SAME'): string {
		const depthwise = shape[3] === 1;
		return this.builder.node(
			name,
			depthwise ? 'DepthwiseConv2dNative' : 'Conv2D',
			[x, this.weight(`${name}/kernel`, shape)],
			{
				T: FLOAT,
				data_format: NHWC,
				padding,
				strides: [1, stride, stride, 1],
				dilations: [1, 1, 1, 1],
			},
		);
	}

	/** As Keras before 2.1 wrote it: variance and mean reshaped, then pieces of arithmetic. */
	batchNormInPieces(name: string, x: string, channels: number): string {
		const { builder } = this;
		return builder.scope(name, () => {
			const flat = builder.ints('Reshape/shape', [channels]);
			const statistic = (label: string): string =>
				builder.node(`${label}/Reshape`, 'Reshape', [this.weight(label, [channels], 1), flat], {
					T: FLOAT,
					Tshape: INT32,
				});
			const binary = (label: string, op: string, a: string, b: string): string =>
				builder.node(label, op, [a, b], { T: FLOAT });
			const mean = statistic('moving_mean');
			const variance = builder.node('Square', 'Square', [statistic('moving_variance')], { T: FLOAT });
			const epsilon = builder.floats('add/y', 1e-3);
			const deviation = builder.node('Rsqrt', 'Rsqrt', [binary('add', 'Add', variance, epsilon)], {
				T: FLOAT,
			});
			const factor = binary('mul', 'Mul', deviation, statistic('gamma'));
			const shift = binary('sub', 'Sub', statistic('beta'), binary('mul_2', 'Mul', mean, factor));
			return binary('add_1', 'Add', binary('mul_1', 'Mul', x, factor), shift);
		});
	}

	batchNorm(name: string, x: string, channels: number): string {
		const { builder } = this;
		const weights = ['gamma', 'beta', 'moving_mean'].map((label) =>
			this.weight(`${name}/${label}`, [channels], 1),
		);
		const variance = builder.constant(`${name}/moving_variance`, {
			dtype: DT_FLOAT,
			shape: [channels],
			data: new Float32Array(channels).fill(0.5),
		});
		return builder.node(name, 'FusedBatchNorm', [x, ...weights, variance], {
			T: FLOAT,
			data_format: NHWC,
			epsilon: Attr.float(1e-3),
			is_training: false,
		});
	}

	/** Activation, as debugging builds and exporters surround it. */
	activation(name: string, op: string, x: string): string {
		const { builder } = this;
		const checked = builder.node(`${name}/check`, 'CheckNumerics', [x], { T: FLOAT, message: name });
		const y = builder.node(name, op, [checked], { T: FLOAT });
		return builder.node(`${name}/identity`, 'Identity', [y], { T: FLOAT });
	}

	dense(name: string, x: string, inputs: number, units: number): string {
		const attrs = { T: FLOAT, transpose_a: false, transpose_b: false };
		const y = this.builder.node(
			`${name}/MatMul`,
			'MatMul',
			[x, this.weight(`${name}/kernel`, [inputs, units])],
			attrs,
		);
		const bias = this.weight(`${name}/bias`, [units], 0.1);
		return this.builder.node(`${name}/BiasAdd`, 'BiasAdd', [y, bias], { T: FLOAT, data_format: NHWC });
	}

	/** Spatial mean, a dense layer to 1,000 classes, softmax. */
	classifier(x: string, channels: number): Graph {
		const { builder } = this;
		const axes = builder.ints('pool/axes', [1, 2]);
		const mean = builder.node('pool', 'Mean', [x, axes], { T: FLOAT, Tidx: INT32, keep_dims: false });
		builder.node('probabilities', 'Softmax', [this.dense('classifier', mean, channels, 1000)], { T: FLOAT });
		return builder.finish();
	}
}

export function poolAttrs(size: number) {
	return { T: FLOAT, data_format: NHWC, ksize: [1, size, size, 1], padding: 'SAME', strides: [1, 2, 2, 1] };
}
