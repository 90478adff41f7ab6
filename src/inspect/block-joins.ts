/** Blocks made of layers: where branches come together again. */
import type { Block, BlockKind, BlockMap } from './block-map.ts';

/** Nodes that a branch is followed back over. */
const MOST_NODES = 160;

/** Channels weighed by what two small layers make of their mean: x · sigmoid(layers(mean(x))). */
export function findSqueezes(map: BlockMap): Block[] {
	const found: Block[] = [];
	for (const at of map.order) {
		if (map.op(at) !== 'Mul' || map.owner(at) || map.weight[at] === 1) continue;
		const inputs = map.inputs(at);
		if (inputs.length !== 2) continue;
		const branches = branchesTo(map, inputs);
		if (!branches?.nodes.some((node) => map.op(node) === 'Mean' || map.op(node) === 'AvgPool')) continue;
		const parts = partsOf(map, branches.nodes);
		const layers = parts.filter((part) => /^(?:convolution|dense)$/.test(part.kind));
		if (layers.length !== 2 || parts.length > 3) continue;
		const nodes = [...branches.nodes, at];
		const name = commonScope(map, layers);
		found.push(
			map.enclose({
				kind: 'squeeze and excitation',
				name,
				description: describe(layers),
				nodes,
				output: at,
				parts,
			}),
		);
	}
	return found;
}

/** A depthwise convolution and the 1×1 convolution after it; with one before it, an inverted residual's inside. */
export function findSeparable(map: BlockMap, layers: readonly Block[]): Block[] {
	const found: Block[] = [];
	const used = new Set<Block>();
	for (const layer of layers) {
		if (layer.kind !== 'depthwise convolution' || used.has(layer)) continue;
		const next = layerAfter(map, layer);
		const squeeze = next?.kind === 'squeeze and excitation' ? next : undefined;
		const after = squeeze ? layerAfter(map, squeeze) : next;
		if (after?.kind !== 'convolution' || !isPointwise(after) || used.has(after)) continue;
		const before = layerBefore(map, layer);
		const expanded =
			before?.kind === 'convolution' &&
			isPointwise(before) &&
			!used.has(before) &&
			map.readers(before.output).length === 1;
		const parts = [...(expanded ? [before] : []), layer, ...(squeeze ? [squeeze] : []), after];
		for (const part of parts) used.add(part);
		const kind = expanded ? 'inverted residual' : 'depthwise separable';
		found.push(join(map, kind, parts, after.output, commonScope(map, parts)));
	}
	return found;
}

function isPointwise(layer: Block): boolean {
	return / 1×1/.test(layer.description);
}

function layerAfter(map: BlockMap, layer: Block): Block | undefined {
	let at = layer.output;
	for (let i = 0; i < 4; i++) {
		const readers = map.readers(at).filter((reader) => map.weight[reader] === 0);
		const owner = readers[0] === undefined ? undefined : map.owner(readers[0]);
		if (owner && owner !== layer && readers.every((reader) => map.owner(reader) === owner)) return owner;
		if (readers.length !== 1) return undefined;
		at = readers[0]!;
	}
	return undefined;
}

function layerBefore(map: BlockMap, layer: Block): Block | undefined {
	let at = layer.nodes[0]!;
	for (let i = 0; i < 4; i++) {
		const inputs = map.inputs(at);
		if (inputs.length !== 1) return undefined;
		at = inputs[0]!;
		const owner = map.owner(at);
		if (owner) return owner === layer ? undefined : owner;
	}
	return undefined;
}

/** Sums and concatenations of branches of one fork: residual, inception, dense connection. */
export function findJoins(map: BlockMap): Block[] {
	const found: Block[] = [];
	for (const at of map.order) {
		const op = map.op(at);
		const sum = /^(?:Add|AddV2|AddN)$/.test(op);
		if (map.owner(at) || map.weight[at] === 1 || (!sum && !/^Concat(?:V2)?$/.test(op))) continue;
		const inputs = map.inputs(at);
		if (inputs.length < 2 || (sum && inputs.length > 4)) continue;
		const block = sum ? residualAt(map, at, inputs) : concatAt(map, at, inputs);
		if (block) found.push(block);
	}
	return found;
}

/** A sum of a branch of layers with where it began, or with a short cut from there. */
function residualAt(map: BlockMap, sum: number, inputs: readonly number[]): Block | undefined {
	const branches = branchesTo(map, inputs);
	if (!branches) return undefined;
	const parts = partsOf(map, branches.nodes);
	if (!isSmall(parts) || branches.lengths.every((length) => length === 0)) return undefined;
	const tail = activationAfter(map, sum);
	const nodes = [...branches.nodes, sum, ...tail];
	const [only] = parts;
	if (parts.length === 1 && only!.kind === 'inverted residual') {
		const description = `${only!.description} + input`;
		return map.enclose({ ...only!, description, nodes, output: nodes.at(-1)! });
	}
	const shortcut = Math.min(...branches.lengths) === 0 ? '' : ' with a projected short cut';
	const description = `${describe(parts)}${shortcut}`;
	return map.enclose({
		kind: 'residual',
		name: commonScope(map, parts) || map.scopeOf(sum),
		description,
		nodes,
		output: nodes.at(-1)!,
		parts,
	});
}

function concatAt(map: BlockMap, concat: number, inputs: readonly number[]): Block | undefined {
	const branches = branchesTo(map, inputs);
	if (!branches) return undefined;
	const parts = partsOf(map, branches.nodes);
	const withLayers = branches.lengths.filter((length) => length > 0).length;
	if (!isSmall(parts) || parts.every((part) => part.kind === 'dense')) return undefined;
	const kind =
		inputs.length === 2 && withLayers === 1
			? parts.every((part) => part.kind === 'convolution')
				? 'dense connection'
				: undefined
			: inputs.length >= 3 || withLayers >= 2
				? 'inception'
				: undefined;
	if (!kind) return undefined;
	const nodes = [...branches.nodes, concat];
	const description =
		kind === 'inception' ? `${inputs.length} branches: ${describe(parts)}` : describe(parts);
	return map.enclose({
		kind,
		name: map.scopeOf(concat),
		description,
		nodes,
		output: concat,
		parts,
	});
}

/** More layers than this between a fork and its join are a part of the model's plan, not one block of it. */
const MOST_PARTS = 12;

function isSmall(parts: readonly Block[]): boolean {
	const joined = /^(?:residual|inception|dense connection)$/;
	const large = (part: Block): boolean => joined.test(part.kind) && part.parts.length > 2;
	return parts.length > 0 && parts.length <= MOST_PARTS && !parts.some(large);
}

interface Branches {
	/** Nodes of all branches, without the fork itself, in the order of computation. */
	readonly nodes: number[];
	/** How many layers each branch has. */
	readonly lengths: number[];
}

/**
 * The nodes between a join and the fork that its branches come from: the latest node through which all of them
 * go. Undefined when there is none near.
 */
function branchesTo(map: BlockMap, inputs: readonly number[]): Branches | undefined {
	const inside = new Set<number>();
	// The latest node first: whatever is open when only one is left is where all branches come from.
	const open = new Set(inputs);
	while (open.size > 1 && inside.size < MOST_NODES) {
		let latest = -1;
		for (const at of open) if (latest < 0 || map.rank[at]! > map.rank[latest]!) latest = at;
		open.delete(latest);
		inside.add(latest);
		const above = map.inputs(latest);
		if (above.length === 0) return undefined;
		for (const source of above) if (!inside.has(source)) open.add(source);
	}
	if (open.size !== 1 || inside.size === 0) return undefined;
	const nodes = [...inside].sort((a, b) => map.rank[a]! - map.rank[b]!);
	const [fork] = open;
	return { nodes, lengths: inputs.map((input) => layersUpTo(map, input, fork!, inside)) };
}

function layersUpTo(map: BlockMap, from: number, fork: number, inside: ReadonlySet<number>): number {
	const seen = new Set<Block>();
	let at = from;
	for (let i = 0; i < MOST_NODES && at !== fork && inside.has(at); i++) {
		const owner = map.owner(at);
		if (owner) seen.add(owner);
		const next = map.inputs(at)[0];
		if (next === undefined) break;
		at = next;
	}
	return seen.size;
}

/** The blocks that lie wholly among the nodes, each once, in order. */
function partsOf(map: BlockMap, nodes: readonly number[]): Block[] {
	const inside = new Set(nodes);
	const found = new Set<Block>();
	for (const at of nodes) {
		const owner = map.owner(at);
		if (owner?.nodes.every((node) => inside.has(node))) found.add(owner);
	}
	return [...found];
}

function activationAfter(map: BlockMap, at: number): number[] {
	const readers = map.readers(at);
	const [only] = readers;
	if (readers.length !== 1 || map.owner(only!) || !/^(?:Relu|Relu6|Elu|LeakyRelu|Swish)$/.test(map.op(only!)))
		return [];
	return [only!];
}

function join(map: BlockMap, kind: BlockKind, parts: readonly Block[], output: number, name: string): Block {
	const nodes = parts.flatMap((part) => part.nodes);
	return map.enclose({ kind, name, description: describe(parts), nodes, output, parts });
}

/** `Conv2D 1×1 → 64, Conv2D 3×3 → 64`, shortened to the heads of the layers. */
function describe(parts: readonly Block[]): string {
	const heads = parts.map((part) => (part.parts.length > 0 ? part.kind : part.description.split(' + ')[0]!));
	return heads.length > 6 ? `${heads.slice(0, 5).join(', ')}, … ${heads.length} layers` : heads.join(', ');
}

/** What the names of all parts have in common. */
function commonScope(map: BlockMap, parts: readonly Block[]): string {
	if (parts.length < 2) return parts[0]?.name ?? '';
	const prefix = commonPrefix(parts.map((part) => part.name));
	return prefix.length > 2 ? prefix : map.scopeOf(parts[0]!.nodes[0]!);
}

/** `block_1` of `block_1_expand` and `block_1_project`. */
function commonPrefix(names: readonly string[]): string {
	let prefix = names[0] ?? '';
	for (const name of names) while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1);
	return prefix.replace(/[_/\-.]+[^_/\-.]*$/, '');
}
