/** InceptionV3: Szegedy et al. 2015, with the sizes of the published weights. */
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { Layers } from './layers.ts';

type Padding = 'SAME' | 'VALID';

/** A tensor and its channels. */
interface Value {
	readonly name: string;
	readonly channels: number;
}

/** One convolution of a tower. */
type Step = readonly [size: number | readonly [number, number], channels: number];

class Blocks {
	readonly layers = new Layers(3);
	#count = 0;

	/** Convolution, batch norm, Relu. */
	convolution(x: Value, size: Step[0], channels: number, stride = 1, padding: Padding = 'SAME'): Value {
		const [height, width] = typeof size === 'number' ? [size, size] : size;
		const name = `conv2d_${++this.#count}`;
		const shape = [height, width, x.channels, channels];
		const y = this.layers.convolution(name, x.name, shape, stride, padding);
		const normal = this.layers.batchNorm(`${name}/bn`, y, channels);
		return { name: this.layers.builder.node(`${name}/relu`, 'Relu', [normal], { T: FLOAT }), channels };
	}

	/** Convolutions one after the other. */
	tower(x: Value, ...steps: readonly Step[]): Value {
		return steps.reduce((value, [size, channels]) => this.convolution(value, size, channels), x);
	}

	pool(x: Value, op: 'MaxPool' | 'AvgPool', stride: number, padding: Padding): Value {
		const name = this.layers.builder.node(`pool_${++this.#count}`, op, [x.name], {
			T: FLOAT,
			data_format: 'NHWC',
			ksize: [1, 3, 3, 1],
			padding,
			strides: [1, stride, stride, 1],
		});
		return { name, channels: x.channels };
	}

	join(...parts: readonly Value[]): Value {
		const { builder } = this.layers;
		const name = `mixed_${++this.#count}`;
		const axis = builder.ints(`${name}/axis`, 3);
		builder.node(name, 'ConcatV2', [...parts.map((part) => part.name), axis], {
			T: FLOAT,
			Tidx: INT32,
			N: Attr.int(parts.length),
		});
		return { name, channels: parts.reduce((sum, part) => sum + part.channels, 0) };
	}

	/** 35 × 35. */
	narrow(x: Value, pooled: number): Value {
		return this.join(
			this.convolution(x, 1, 64),
			this.tower(x, [1, 48], [5, 64]),
			this.tower(x, [1, 64], [3, 96], [3, 96]),
			this.convolution(this.pool(x, 'AvgPool', 1, 'SAME'), 1, pooled),
		);
	}

	/** 17 × 17, with filters of seven by one. */
	factored(x: Value, width: number): Value {
		return this.join(
			this.convolution(x, 1, 192),
			this.tower(x, [1, width], [[1, 7], width], [[7, 1], 192]),
			this.tower(x, [1, width], [[7, 1], width], [[1, 7], width], [[7, 1], width], [[1, 7], 192]),
			this.convolution(this.pool(x, 'AvgPool', 1, 'SAME'), 1, 192),
		);
	}

	/** 8 × 8: branches that end in two. */
	wide(x: Value): Value {
		const fork = (value: Value): Value =>
			this.join(this.convolution(value, [1, 3], 384), this.convolution(value, [3, 1], 384));
		return this.join(
			this.convolution(x, 1, 320),
			fork(this.convolution(x, 1, 384)),
			fork(this.tower(x, [1, 448], [3, 384])),
			this.convolution(this.pool(x, 'AvgPool', 1, 'SAME'), 1, 192),
		);
	}
}

/** The network for images of 299 × 299. */
export function buildInception(): Graph {
	const blocks = new Blocks();
	const { layers } = blocks;
	let x: Value = { name: layers.builder.placeholder('input', DT_FLOAT, [-1, 299, 299, 3]), channels: 3 };
	x = blocks.convolution(x, 3, 32, 2, 'VALID');
	x = blocks.convolution(x, 3, 32, 1, 'VALID');
	x = blocks.convolution(x, 3, 64);
	x = blocks.pool(x, 'MaxPool', 2, 'VALID');
	x = blocks.convolution(x, 1, 80, 1, 'VALID');
	x = blocks.convolution(x, 3, 192, 1, 'VALID');
	x = blocks.pool(x, 'MaxPool', 2, 'VALID');
	for (const pooled of [32, 64, 64]) x = blocks.narrow(x, pooled);
	x = blocks.join(
		blocks.convolution(x, 3, 384, 2, 'VALID'),
		blocks.convolution(blocks.tower(x, [1, 64], [3, 96]), 3, 96, 2, 'VALID'),
		blocks.pool(x, 'MaxPool', 2, 'VALID'),
	);
	for (const width of [128, 160, 160, 192]) x = blocks.factored(x, width);
	x = blocks.join(
		blocks.convolution(blocks.tower(x, [1, 192]), 3, 320, 2, 'VALID'),
		blocks.convolution(blocks.tower(x, [1, 192], [[1, 7], 192], [[7, 1], 192]), 3, 192, 2, 'VALID'),
		blocks.pool(x, 'MaxPool', 2, 'VALID'),
	);
	x = blocks.wide(blocks.wide(x));
	return layers.classifier(x.name, x.channels);
}
