/** Convolutions of float32 on the engine, channels last: products of windows, by tables of their addresses. */
import type { Epilogue, Workspace } from '../engine/workspace.ts';
import { packMatrix, panelsOf, rowTable, runProduct } from './product.ts';
import { type Axis, type Geometry, outputPixels, tableTag, windowTable } from './window-geometry.ts';

export type Floats = Float32Array<ArrayBufferLike>;

/** An array that is only made when someone needs it: packed filters are kept from run to run. */
export type LazyFloats = () => Floats;

/** The filter's last two sizes; `depth` is a divisor of the input's channels. */
export interface FilterSizes {
	readonly depth: number;
	readonly outputs: number;
}

/** Runs of fewer floats than this are joined along the width, on a padded copy where they must be. */
const SHORT_RUN = 16;

/**
 * [batch, (depth,) height, width, channels] × [(depth,) height, width, channels / groups, outputs].
 * @returns the result in the engine's memory, held once.
 */
export function convolve(
	workspace: Workspace,
	input: Floats,
	filter: LazyFloats,
	geometry: Geometry,
	sizes: FilterSizes,
	epilogue: Epilogue,
): Floats {
	const { engine } = workspace;
	const pixels = outputPixels(geometry);
	const result = engine.float32(pixels * sizes.outputs);
	if (result.length === 0) return result;
	const groups = geometry.channels / sizes.depth;
	if (groups === 1 && joinsRuns(geometry)) {
		return joinedConvolve(workspace, input, filter, geometry, sizes, epilogue, result);
	}
	const taps = tapCount(geometry);
	const columns = sizes.outputs / groups;
	engine.lend([input], ([base]) => {
		const zeros = zeroPixel(workspace, sizes.depth);
		for (let group = 0; group < groups; group++) {
			const from = base! + group * sizes.depth * 4;
			const table = workspace.kept(`table${group}`, tableTag(from, geometry), () =>
				isPointwise(geometry)
					? rowTable(engine, from, pixels, geometry.channels)
					: windowTable(engine, geometry, from, zeros, true),
			);
			const { panels, done } = panelsOf(workspace, 1, `filter${group}`, () =>
				packMatrix(engine, filter(), taps * sizes.depth, columns, {
					start: group * columns,
					rowStride: sizes.outputs,
					columnStride: 1,
				}),
			);
			const left = { table, rows: pixels, taps, run: sizes.depth };
			const out = result.byteOffset + group * columns * 4;
			runProduct(engine, left, panels, { out, columns, stride: sizes.outputs }, epilogue, group * columns);
			done();
		}
	});
	return result;
}

function tapCount({ axes }: Geometry): number {
	return axes[0].size * axes[1].size * axes[2].size;
}

/** One by one, every pixel: the input's rows are the left matrix as they lie. */
function isPointwise({ axes }: Geometry): boolean {
	return axes.every(
		(axis) => axis.size === 1 && axis.stride === 1 && axis.before === 0 && axis.output === axis.input,
	);
}

/** Whether the pixels of a window's row are better taken as one run. */
function joinsRuns({ axes, channels }: Geometry): boolean {
	const width = axes[2];
	if (width.size === 1 || width.dilation !== 1) return false;
	return channels < SHORT_RUN || (fits(axes[1]) && fits(width));
}

/** Whether all windows lie inside. */
function fits(axis: Axis): boolean {
	return axis.before === 0 && reach(axis) <= axis.input;
}

/** Places from the first window's first to the last window's last. */
function reach(axis: Axis): number {
	return (axis.output - 1) * axis.stride + (axis.size - 1) * axis.dilation + 1;
}

function joinedConvolve(
	workspace: Workspace,
	input: Floats,
	filter: LazyFloats,
	geometry: Geometry,
	sizes: FilterSizes,
	epilogue: Epilogue,
	result: Floats,
): Floats {
	const { engine } = workspace;
	const [depth, height, width] = geometry.axes;
	const padded = fits(height) && fits(width) ? undefined : padImage(workspace, input, geometry);
	const shape = padded?.geometry ?? geometry;
	engine.lend([padded?.image ?? input], ([base]) => {
		const run = width.size * geometry.channels;
		const taps = depth.size * height.size;
		const zeros = zeroPixel(workspace, run);
		const joined: Geometry = {
			...shape,
			axes: [shape.axes[0], shape.axes[1], { ...shape.axes[2], size: 1 }],
		};
		const table = workspace.kept('joined', tableTag(base!, joined), () =>
			windowTable(engine, joined, base!, zeros, true),
		);
		const { panels, done } = panelsOf(workspace, 1, 'filter', () =>
			packMatrix(engine, filter(), taps * run, sizes.outputs, {
				start: 0,
				rowStride: sizes.outputs,
				columnStride: 1,
			}),
		);
		const target = { out: result.byteOffset, columns: sizes.outputs, stride: sizes.outputs };
		runProduct(engine, { table, rows: outputPixels(geometry), taps, run }, panels, target, epilogue);
		done();
	});
	if (padded) engine.release(padded.image);
	return result;
}

/** The image with zeros around it, as far as windows reach. */
function padImage(
	workspace: Workspace,
	input: Floats,
	geometry: Geometry,
): { image: Floats; geometry: Geometry } {
	const [depth, height, width] = geometry.axes;
	const rows = reach(height);
	const columns = reach(width);
	const { channels } = geometry;
	const planes = geometry.batch * depth.input;
	const image = workspace.engine.float32(planes * rows * columns * channels);
	image.fill(0);
	const length = Math.min(width.input, columns - width.before) * channels;
	for (let plane = 0; plane < planes; plane++) {
		for (let row = 0; row < height.input && row + height.before < rows; row++) {
			const from = (plane * height.input + row) * width.input * channels;
			const to = ((plane * rows + row + height.before) * columns + width.before) * channels;
			image.set(input.subarray(from, from + length), to);
		}
	}
	const axes: Geometry['axes'] = [
		depth,
		{ ...height, input: rows, before: 0 },
		{ ...width, input: columns, before: 0 },
	];
	return { image, geometry: { ...geometry, axes } };
}

/** The address of a pixel of zeros: what windows see outside the image. */
function zeroPixel(workspace: Workspace, floats: number): number {
	return workspace.kept('zeros', floats, () => {
		const address = workspace.engine.allocate(floats * 4);
		workspace.engine.view(address, floats).fill(0);
		return address;
	});
}

/** Every channel with its own filter [height, width, channels, 1]. */
export function convolveDepthwise(
	workspace: Workspace,
	input: Floats,
	filter: Floats,
	geometry: Geometry,
	epilogue: Epilogue,
): Floats {
	const { engine } = workspace;
	const pixels = outputPixels(geometry);
	const { channels } = geometry;
	const result = engine.float32(pixels * channels);
	if (result.length === 0) return result;
	const { addend, center, factor, bias } = epilogue;
	const channelValues = [addend, center, factor, bias].map((values) => values ?? NONE);
	engine.lend([input, filter, ...channelValues], ([base, weights, ...places]) => {
		const given = places.map((place, i) => (channelValues[i] === NONE ? 0 : place));
		const zeros = zeroPixel(workspace, channels);
		const table = workspace.kept('table', tableTag(base!, geometry), () =>
			windowTable(engine, geometry, base!, zeros, false),
		);
		engine.primitives.depthwise(
			table,
			0,
			pixels,
			tapCount(geometry),
			channels,
			weights!,
			result.byteOffset,
			given[0]!,
			given[1]!,
			given[2]!,
			given[3]!,
			epilogue.low,
			epilogue.high,
		);
	});
	return result;
}

const NONE: Floats = new Float32Array(0);
