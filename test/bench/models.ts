/** The graphs that the bench measures on, each made from a seed: nobody's data, and the same bytes every time. */
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { buildInception } from './inception.ts';
import { Layers, poolAttrs } from './layers.ts';

export interface BenchModel {
	readonly name: string;
	readonly summary: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	build(): Graph;
}

export const models = {
	mtcnn: {
		name: 'mtcnn',
		summary: 'the bundled model: 244 nodes, 2 MB',
		inputs: ['pnet/input', 'rnet/input', 'onet/input'],
		outputs: ['pnet', 'rnet', 'onet'].map((net) => `${net}/prob1`),
		build: buildMtcnn,
	},
	mobilenet: {
		name: 'mobilenet',
		summary: 'MobileNetV2-like, frozen, fused batch norms: 14 MB',
		inputs: ['input'],
		outputs: ['probabilities'],
		build: buildMobileNet,
	},
	resnet: {
		name: 'resnet',
		summary: 'ResNet50-like, frozen, batch norms in pieces: about 1,800 nodes, 102 MB',
		inputs: ['input'],
		outputs: ['probabilities'],
		build: buildResNet,
	},
	inception: {
		name: 'inception',
		summary: 'InceptionV3, frozen, fused batch norms: 95 MB',
		inputs: ['input'],
		outputs: ['probabilities'],
		build: buildInception,
	},
	small: {
		name: 'small',
		summary: '100,000 small nodes, a quarter of them Const: 8 MB',
		inputs: ['input'],
		outputs: ['output'],
		build: () => buildSmallNodes(100_000),
	},
	smaller: {
		name: 'smaller',
		summary: 'the same of 10,000 nodes',
		inputs: ['input'],
		outputs: ['output'],
		build: () => buildSmallNodes(10_000),
	},
	large: {
		name: 'large',
		summary: 'VGG16-like: 55 nodes, 553 MB',
		inputs: ['input'],
		outputs: ['probabilities'],
		build: buildVgg,
	},
} as const satisfies Record<string, BenchModel>;

/**
 * A chain of layers `out = Relu(previous · read(weights))`: the shape of graphs whose many nodes hold little. A
 * fourth of the constants are copies of few others, so that merging has work.
 * @param count nodes, rounded to whole layers of four.
 */
export function buildSmallNodes(count: number): Graph {
	const builder = new GraphBuilder({ seed: 3 });
	const layers = Math.floor(count / 4);
	let x = builder.placeholder('input', DT_FLOAT, [-1, 4]);
	for (let i = 0; i < layers; i++) {
		const scope = `block_${Math.floor(i / 100)}/layer_${i}`;
		const base = (i % 4 === 0 ? i % 1000 : i) + 1;
		const weights = builder.floats(`${scope}/weights`, [base, base + 0.5, 1 / base, -base]);
		const read = builder.node(`${scope}/weights/read`, 'Identity', [weights], { T: FLOAT });
		const product = builder.node(`${scope}/mul`, 'Mul', [x, read], { T: FLOAT });
		x = builder.node(i === layers - 1 ? 'output' : `${scope}/out`, 'Relu', [product], { T: FLOAT });
	}
	return builder.finish();
}

/** He et al. 2015, table 1, 50 layers: blocks of a stage, and the channels inside them. */
const RESNET_STAGES = [
	[3, 64],
	[4, 128],
	[6, 256],
	[3, 512],
] as const;

function buildResNet(): Graph {
	const layers = new Layers(50);
	const { builder } = layers;
	const unit = (name: string, x: string, shape: readonly number[], stride: number, active = true): string => {
		// Left behind by the exporter, read by nobody.
		builder.ints(`${name}/dilation_rate`, [1, 1]);
		builder.ints(`${name}/shape`, shape);
		builder.floats(`${name}/regularizer`, 1e-4);
		builder.floats(`${name}/momentum`, 0.99);
		const convolution = layers.convolution(`${name}/conv`, x, shape, stride);
		const passed = builder.node(`${name}/conv/identity`, 'Identity', [convolution], { T: FLOAT });
		const y = layers.batchNormInPieces(`${name}/bn`, passed, shape[3]!);
		return active ? layers.activation(`${name}/relu`, 'Relu', y) : y;
	};
	let x = unit('conv1', builder.placeholder('input', DT_FLOAT, [-1, 224, 224, 3]), [7, 7, 3, 64], 2);
	x = builder.node('pool1', 'MaxPool', [x], poolAttrs(3));
	let channels = 64;
	RESNET_STAGES.forEach(([blocks, width], stage) => {
		for (let block = 0; block < blocks; block++) {
			const name = `stage${stage + 2}/block${block + 1}`;
			const stride = block === 0 && stage > 0 ? 2 : 1;
			const wide = width * 4;
			const shortcut = block === 0 ? unit(`${name}/shortcut`, x, [1, 1, channels, wide], stride, false) : x;
			let y = unit(`${name}/a`, x, [1, 1, channels, width], stride);
			y = unit(`${name}/b`, y, [3, 3, width, width], 1);
			y = unit(`${name}/c`, y, [1, 1, width, wide], 1, false);
			const sum = builder.node(`${name}/add`, 'Add', [shortcut, y], { T: FLOAT });
			x = layers.activation(`${name}/relu`, 'Relu', sum);
			channels = wide;
		}
	});
	return layers.classifier(x, channels);
}

/** Sandler et al. 2018, table 2: expansion, channels, repeats, stride. */
const MOBILENET_BLOCKS = [
	[1, 16, 1, 1],
	[6, 24, 2, 2],
	[6, 32, 3, 2],
	[6, 64, 4, 2],
	[6, 96, 3, 1],
	[6, 160, 3, 2],
	[6, 320, 1, 1],
] as const;

function buildMobileNet(): Graph {
	const layers = new Layers(2);
	const { builder } = layers;
	const unit = (name: string, x: string, shape: readonly number[], stride: number, active = true): string => {
		const channels = shape[3] === 1 ? shape[2]! : shape[3]!;
		const y = layers.batchNorm(`${name}/bn`, layers.convolution(`${name}/conv`, x, shape, stride), channels);
		return active ? builder.node(`${name}/relu6`, 'Relu6', [y], { T: FLOAT }) : y;
	};
	let x = unit('stem', builder.placeholder('input', DT_FLOAT, [-1, 224, 224, 3]), [3, 3, 3, 32], 2);
	let channels = 32;
	let count = 0;
	for (const [expansion, width, repeats, firstStride] of MOBILENET_BLOCKS) {
		for (let i = 0; i < repeats; i++) {
			const name = `block_${++count}`;
			const wide = channels * expansion;
			const stride = i === 0 ? firstStride : 1;
			let y = expansion === 1 ? x : unit(`${name}/expand`, x, [1, 1, channels, wide], 1);
			y = unit(`${name}/depthwise`, y, [3, 3, wide, 1], stride);
			y = unit(`${name}/project`, y, [1, 1, wide, width], 1, false);
			x = stride === 1 && channels === width ? builder.node(`${name}/add`, 'Add', [x, y], { T: FLOAT }) : y;
			channels = width;
		}
	}
	return layers.classifier(unit('head', x, [1, 1, channels, 1280], 1), 1280);
}

/** Simonyan & Zisserman 2014, configuration D: channels, 0 for pooling. */
const VGG_LAYERS = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0] as const;

function buildVgg(): Graph {
	const layers = new Layers(16);
	const { builder } = layers;
	let x = builder.placeholder('input', DT_FLOAT, [-1, 224, 224, 3]);
	let channels = 3;
	VGG_LAYERS.forEach((width, i) => {
		if (width === 0) x = builder.node(`pool_${i}`, 'MaxPool', [x], poolAttrs(2));
		else {
			const y = layers.convolution(`conv_${i}`, x, [3, 3, channels, width], 1);
			x = builder.node(`relu_${i}`, 'Relu', [y], { T: FLOAT });
			channels = width;
		}
	});
	x = builder.node('flat', 'Reshape', [x, builder.ints('flat/shape', [-1, 25088])], {
		T: FLOAT,
		Tshape: INT32,
	});
	x = builder.node('relu6', 'Relu', [layers.dense('fc6', x, 25088, 4096)], { T: FLOAT });
	x = builder.node('relu7', 'Relu', [layers.dense('fc7', x, 4096, 4096)], { T: FLOAT });
	builder.node('probabilities', 'Softmax', [layers.dense('fc8', x, 4096, 1000)], { T: FLOAT });
	return builder.finish();
}
