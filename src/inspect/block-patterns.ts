/** Dropout, and the preprocessing at the head. */
import type { Block, BlockMap } from './block-map.ts';
import { switchedBranch } from './block-switches.ts';
import { isVariable } from './weights.ts';

/** Random numbers compared with the rate, times the values. */
export function findDropout(map: BlockMap): Block[] {
	const found: Block[] = [];
	const randoms = map.ops(/^(?:RandomUniform|StatelessRandomUniform(?:V2)?)$/);
	const branches = map.ops(/^(?:Stateless)?If$/);
	for (let random = 0; random < map.graph.nodes.length; random++) {
		if (branches.has(map.op(random)) && switchedBranch(map.graph, random) === 'dropout') {
			const { name } = map.graph.nodes[random]!;
			const description = 'behind a training switch';
			found.push(
				map.claim({ kind: 'dropout', name, description, nodes: [random], output: random, parts: [] }),
			);
			continue;
		}
		if (!randoms.has(map.op(random)) || map.owner(random)) continue;
		if (/Initializer/.test(map.graph.nodes[random]!.name)) continue;
		const nodes = [random];
		let at = random;
		let scaled: number | undefined;
		for (let i = 0; i < 8 && scaled === undefined; i++) {
			const next = map
				.readers(at)
				.find((reader) =>
					/^(?:Mul|Add|AddV2|Sub|Floor|GreaterEqual|Cast|Select|SelectV2)$/.test(map.op(reader)),
				);
			if (next === undefined) break;
			nodes.push(next);
			const inputs = map.inputs(next).filter((input) => !nodes.includes(input));
			if (
				/^(?:Mul|Select|SelectV2)$/.test(map.op(next)) &&
				inputs.length > 0 &&
				nodes.some((n) => /^(?:Floor|GreaterEqual)$/.test(map.op(n)))
			) {
				scaled = next;
				// x / keep_prob before the mask is the dropout's own.
				for (const input of inputs)
					if (/^(?:RealDiv|Mul)$/.test(map.op(input)) && map.scopeOf(input) === map.scopeOf(next))
						nodes.unshift(input);
			}
			at = next;
		}
		if (scaled === undefined) continue;
		found.push(
			map.claim({
				kind: 'dropout',
				name: map.scopeOf(random).replace(/\/random_uniform$/, ''),
				description: rateOf(map, nodes) ?? `${nodes.length} nodes`,
				nodes,
				output: scaled,
				parts: [],
			}),
		);
	}
	return found;
}

/** `rate 0.3`: random numbers are compared with it, or added to what is kept before they are rounded down. */
function rateOf(map: BlockMap, nodes: readonly number[]): string | undefined {
	const floors = nodes.some((at) => map.op(at) === 'Floor');
	for (const at of nodes) {
		const compares = map.op(at) === 'GreaterEqual';
		if (!compares && !(floors && /^(?:Add|AddV2)$/.test(map.op(at)))) continue;
		for (const weight of map.weights(at)) {
			const { tensor } = map.graph.nodes[weight]!;
			if (tensor?.elements !== 1 || !tensor.decodable) continue;
			const value = Number(tensor.data[0]);
			const rate = compares ? value : 1 - value;
			if (rate > 0 && rate < 1) return `rate ${Number(rate.toPrecision(3))}`;
		}
	}
	return undefined;
}

const preparing =
	/^(?:Cast|Sub|Mul|Add|AddV2|RealDiv|Div|Resize.*|ExpandDims|Squeeze|Reshape|Transpose|Decode.*|AudioSpectrogram|Mfcc|Reverse|ReverseV2|StridedSlice|Identity|Minimum|Maximum|ConcatV2|Pad|CropAndResize|ParseExample.*|FakeQuantWithMinMaxVars|RFFT|ComplexAbs|Placeholder\w*|IteratorGetNext)$/;

/** What happens to an input before the first layer: decoding, scaling, resizing. @param isLayer whether a layer owns it. */
export function findPreprocessing(map: BlockMap): Block[] {
	const found: Block[] = [];
	const inputs = map.ops(/^(?:Placeholder|PlaceholderV2|PlaceholderWithDefault|IteratorGetNext)$/);
	for (const start of map.order) {
		if (!inputs.has(map.op(start)) || map.owner(start)) continue;
		const nodes = preparedFrom(map, start);
		const telling = nodes.some((n) =>
			/^(?:Cast|Resize|Decode|AudioSpectrogram|Mfcc|Sub|Mul|RealDiv|Div|Parse|Reverse|RFFT)/.test(map.op(n)),
		);
		if (!telling) continue;
		const description = [...new Set(nodes.map((n) => map.op(n)))].join(' → ');
		found.push(
			map.claim({
				kind: 'preprocessing',
				name: map.graph.nodes[start]!.name,
				description,
				nodes,
				output: nodes.at(-1)!,
				parts: [],
			}),
		);
	}
	return found;
}

/** What is computed of an input alone, by steps that no model learns, in the order of computation. */
function preparedFrom(map: BlockMap, start: number): number[] {
	const inside = new Set([start]);
	const queue = [start];
	for (let head = 0; head < queue.length && inside.size < 24; head++) {
		for (const reader of map.readers(queue[head]!)) {
			if (inside.has(reader) || map.owner(reader) || !preparing.test(map.op(reader))) continue;
			if (!map.inputs(reader).every((input) => inside.has(input)) || isLearned(map, reader)) continue;
			inside.add(reader);
			queue.push(reader);
		}
	}
	inside.delete(start);
	return [...inside].sort((a, b) => map.rank[a]! - map.rank[b]!);
}

/** Whether a node works with a variable: what training changes is no preparation. */
function isLearned(map: BlockMap, position: number): boolean {
	const queue = map.weights(position);
	for (let head = 0; head < queue.length && head < 32; head++) {
		if (isVariable(map.graph.nodes[queue[head]!]!)) return true;
		queue.push(...map.weights(queue[head]!));
	}
	return false;
}
