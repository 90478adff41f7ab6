/** What is left between the layers and is worth a line: resizing, global pooling, the joining of channels. */
import type { Block, BlockKind, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';
import { rolesOf } from './roles.ts';
import { isVariable } from './weights.ts';

/** Last of all, of nodes that nothing else took. */
export function findPlain(map: BlockMap): Block[] {
	const found: Block[] = [];
	const roles = rolesOf(map.graph);
	const finders = findersOf(map);
	for (const at of map.order) {
		const find = finders.get(map.op(at));
		if (!find || map.owner(at) || map.weight[at] === 1 || roles[at] !== 'compute') continue;
		const block = find(map, at);
		if (block) found.push(map.claim(block));
	}
	return found;
}

type Finder = (map: BlockMap, at: number) => Block | undefined;

const patterns: readonly (readonly [RegExp, Finder])[] = [
	[/^(?:ResizeBilinear|ResizeNearestNeighbor|ResizeBicubic|ResizeArea|ScaleAndTranslate)$/, resizing],
	[/^(?:DepthToSpace|SpaceToDepth)$/, shuffling],
	[/^(?:Mean|Max)$/, globalPooling],
	[/^Concat(?:V2)?$/, joining],
	[/^Mul$/, weighing],
];

function findersOf(map: BlockMap): Map<string, Finder> {
	const finders = new Map<string, Finder>();
	for (const op of map.graph.byOp.keys()) {
		const find = patterns.find(([pattern]) => pattern.test(op))?.[1];
		if (find) finders.set(op, find);
	}
	return finders;
}

function one(map: BlockMap, at: number, kind: BlockKind, description: string): Block {
	return { kind, name: map.graph.nodes[at]!.name, description, nodes: [at], output: at, parts: [] };
}

function shapeOf(map: BlockMap, at: number): readonly number[] | undefined {
	return shapesBesideCosts(map.graph)[at]![0] ?? undefined;
}

/** `64×64`, `?×?`. */
function sizes(shape: readonly number[]): string {
	return shape.map((size) => (size < 0 ? '?' : size)).join('×');
}

function resizing(map: BlockMap, at: number): Block {
	const to = shapeOf(map, at)?.slice(1, -1);
	return one(map, at, 'resizing', to ? `${map.op(at)} to ${sizes(to)}` : map.op(at));
}

function shuffling(map: BlockMap, at: number): Block {
	const size = map.graph.nodes[at]!.attr('block_size')?.int;
	return one(map, at, 'resizing', `${map.op(at)} ${size ?? '?'}`);
}

/** Over all places of every channel, and nothing else. */
function globalPooling(map: BlockMap, at: number): Block | undefined {
	const [value] = map.inputs(at);
	const shape = value === undefined ? undefined : shapeOf(map, value);
	if (!shape || shape.length < 3) return undefined;
	const axes = map.constantInput(at)?.map((axis) => (axis < 0 ? axis + shape.length : axis));
	if (axes?.length !== shape.length - 2 || axes.includes(0)) return undefined;
	const channels = axes.includes(shape.length - 1) ? 1 : shape.length - 1;
	if (axes.includes(channels)) return undefined;
	const word = map.op(at) === 'Mean' ? 'mean' : 'maximum';
	return one(
		map,
		at,
		'pooling',
		`global ${word} of ${sizes(shape.filter((_, axis) => axes.includes(axis)))}`,
	);
}

/** Feature maps laid side by side, as where a path that skipped some layers comes back. */
function joining(map: BlockMap, at: number): Block | undefined {
	const inputs = map.inputs(at);
	const shapes = inputs.map((input) => shapeOf(map, input));
	const rank = shapes[0]?.length ?? 0;
	if (inputs.length < 2 || rank < 4) return undefined;
	const axis = map.constantInput(at)?.[0];
	if (axis === undefined || (axis + rank) % rank === 0) return undefined;
	const parts = shapes.map((shape) => sizes([shape?.at(axis) ?? -1]));
	if (parts.length > 6) return one(map, at, 'concatenation', `${parts.length} inputs`);
	const along = (axis + rank) % rank === rank - 1 ? 'channels' : `along axis ${(axis + rank) % rank}`;
	return one(map, at, 'concatenation', `${parts.join(' + ')} ${along}`);
}

/** A value times a variable of one number and plus another: the whole of a linear model of one feature. */
function weighing(map: BlockMap, at: number): Block | undefined {
	const [factor, ...more] = map.weights(at);
	const [next, ...others] = map
		.readers(at)
		.filter((reader) => /^(?:Add|AddV2|BiasAdd)$/.test(map.op(reader)));
	if (factor === undefined || more.length > 0 || next === undefined || others.length > 0) return undefined;
	const [offset, ...rest] = map.weights(next);
	if (map.owner(next) || offset === undefined || rest.length > 0) return undefined;
	if (!isOneVariable(map, factor) || !isOneVariable(map, offset)) return undefined;
	return { ...one(map, at, 'dense', 'Mul by a weight + bias'), nodes: [at, next], output: next };
}

function isOneVariable(map: BlockMap, weight: number): boolean {
	let at: number | undefined = weight;
	for (let steps = 0; steps < 4 && at !== undefined; steps++) {
		const node = map.graph.nodes[at]!;
		if (isVariable(node)) return (node.attr('shape')?.shape ?? []).every((size) => size === 1);
		[at] = map.weights(at);
	}
	return false;
}
