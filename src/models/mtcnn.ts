/**
 * The bundled model: the three networks of MTCNN (Zhang et al., 2016), a face detector in three stages, as
 * TensorFlow 1 froze them: 244 nodes and 495,860 parameters. The structure is the published one, the weights
 * are random from a seed, so that it has all there is to learn on and none of anybody's data.
 */
import { Attr } from '../graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../graph/builder.ts';
import { DT_FLOAT } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';

const SEED = 20160828;
const NHWC = 'NHWC';

/** The graph of the bundled `mtcnn.pb`; the same bytes every time. */
export function buildMtcnn(): Graph {
	const network = new Network(new GraphBuilder({ seed: SEED }));
	network.proposal();
	network.refinement();
	network.output();
	return network.builder.finish({ library: new Uint8Array(0) });
}

class Network {
	readonly builder: GraphBuilder;

	constructor(builder: GraphBuilder) {
		this.builder = builder;
	}

	/** P-Net: fully convolutional, on images of any size. */
	proposal(): void {
		this.builder.scope('pnet', () => {
			let x = this.builder.placeholder('input', DT_FLOAT, [-1, -1, -1, 3]);
			x = this.prelu('PReLU1', this.convolution('conv1', x, [3, 3, 3, 10]), 10);
			x = this.pool('pool1', x, 2, 'SAME');
			x = this.prelu('PReLU2', this.convolution('conv2', x, [3, 3, 10, 16]), 16);
			x = this.prelu('PReLU3', this.convolution('conv3', x, [3, 3, 16, 32]), 32);
			this.softmax(this.convolution('conv4-1', x, [1, 1, 32, 2], 'SAME'), 3);
			this.convolution('conv4-2', x, [1, 1, 32, 4], 'SAME');
		});
	}

	/** R-Net: judges and corrects windows of 24 × 24. */
	refinement(): void {
		this.builder.scope('rnet', () => {
			let x = this.builder.placeholder('input', DT_FLOAT, [-1, 24, 24, 3]);
			x = this.prelu('prelu1', this.convolution('conv1', x, [3, 3, 3, 28]), 28);
			x = this.pool('pool1', x, 3, 'SAME');
			x = this.prelu('prelu2', this.convolution('conv2', x, [3, 3, 28, 48]), 48);
			x = this.pool('pool2', x, 3, 'VALID');
			x = this.prelu('prelu3', this.convolution('conv3', x, [2, 2, 48, 64]), 64);
			x = this.prelu('prelu4', this.dense('conv4', x, 576, 128, true), 128);
			this.softmax(this.dense('conv5-1', x, 128, 2), 1);
			this.dense('conv5-2', x, 128, 4);
		});
	}

	/** O-Net: the last word on windows of 48 × 48, with five landmarks. */
	output(): void {
		this.builder.scope('onet', () => {
			let x = this.builder.placeholder('input', DT_FLOAT, [-1, 48, 48, 3]);
			x = this.prelu('prelu1', this.convolution('conv1', x, [3, 3, 3, 32]), 32);
			x = this.pool('pool1', x, 3, 'SAME');
			x = this.prelu('prelu2', this.convolution('conv2', x, [3, 3, 32, 64]), 64);
			x = this.pool('pool2', x, 3, 'VALID');
			x = this.prelu('prelu3', this.convolution('conv3', x, [3, 3, 64, 64]), 64);
			x = this.pool('pool3', x, 2, 'SAME');
			x = this.prelu('prelu4', this.convolution('conv4', x, [2, 2, 64, 128]), 128);
			x = this.prelu('prelu5', this.dense('conv5', x, 1152, 256, true), 256);
			this.softmax(this.dense('conv6-1', x, 256, 2), 1);
			this.dense('conv6-2', x, 256, 4);
			this.dense('conv6-3', x, 256, 10);
		});
	}

	/** A frozen variable: the Const and the Identity through which everybody reads it. */
	private variable(name: string, shape: readonly number[], limit?: number): string {
		const value = this.builder.random(name, shape, limit);
		const attrs = { T: FLOAT, _class: Attr.strings([`loc:@${value}`]) };
		return this.builder.node(`${name}/read`, 'Identity', [value], attrs);
	}

	private convolution(name: string, x: string, kernel: readonly number[], padding = 'VALID'): string {
		return this.builder.scope(name, () => {
			const weights = this.variable('weights', kernel);
			const y = this.builder.node('Conv2D', 'Conv2D', [x, weights], {
				T: FLOAT,
				data_format: NHWC,
				padding,
				strides: [1, 1, 1, 1],
				use_cudnn_on_gpu: true,
			});
			const biases = this.variable('biases', [kernel[3]!], 0.1);
			return this.builder.node('BiasAdd', 'BiasAdd', [y, biases], { T: FLOAT, data_format: NHWC });
		});
	}

	/** `relu(x) + alpha * -relu(-x)`, spelled out as the original does. */
	private prelu(name: string, x: string, channels: number): string {
		return this.builder.scope(name, () => {
			const { builder } = this;
			const alpha = this.variable('alpha', [channels], 0.25);
			const positive = builder.node('Relu', 'Relu', [x], { T: FLOAT });
			const negated = builder.node('Neg', 'Neg', [x], { T: FLOAT });
			const clipped = builder.node('Relu_1', 'Relu', [negated], { T: FLOAT });
			const negative = builder.node('Neg_1', 'Neg', [clipped], { T: FLOAT });
			const scaled = builder.node('Mul', 'Mul', [alpha, negative], { T: FLOAT });
			return builder.node('add', 'Add', [positive, scaled], { T: FLOAT });
		});
	}

	private pool(name: string, x: string, size: number, padding: string): string {
		const attrs = { T: FLOAT, data_format: NHWC, ksize: [1, size, size, 1], padding, strides: [1, 2, 2, 1] };
		return this.builder.node(name, 'MaxPool', [x], attrs);
	}

	private dense(name: string, x: string, inputs: number, units: number, flatten = false): string {
		const y = this.builder.scope(name, () => {
			const { builder } = this;
			let flat = x;
			if (flatten) {
				const shape = builder.ints('Reshape/shape', [-1, inputs]);
				flat = builder.node('Reshape', 'Reshape', [x, shape], { T: FLOAT, Tshape: INT32 });
			}
			const weights = this.variable('weights', [inputs, units]);
			const biases = this.variable('biases', [units], 0.1);
			const attrs = { T: FLOAT, transpose_a: false, transpose_b: false };
			return [builder.node(`${name}/MatMul`, 'MatMul', [flat, weights], attrs), biases];
		});
		return this.builder.node(`${name}/${name}`, 'BiasAdd', y, { T: FLOAT, data_format: NHWC });
	}

	/** Softmax over one axis, written out; its result is the network's `prob1`. */
	private softmax(x: string, axis: number): string {
		const { builder } = this;
		const reduce = { T: FLOAT, Tidx: INT32, keep_dims: true };
		const max = builder.node('Max', 'Max', [x, builder.ints('Max/reduction_indices', axis)], reduce);
		const shifted = builder.node('sub', 'Sub', [x, max], { T: FLOAT });
		const exp = builder.node('Exp', 'Exp', [shifted], { T: FLOAT });
		const sum = builder.node('Sum', 'Sum', [exp, builder.ints('Sum/reduction_indices', axis)], reduce);
		return builder.node('prob1', 'RealDiv', [exp, sum], { T: FLOAT });
	}
}
