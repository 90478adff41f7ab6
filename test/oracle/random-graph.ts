/** Small random graphs: mostly sound, now and then odd in every way that a file can be. */
import { Attr } from '../../src/graph/attr.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Node } from '../../src/graph/node.ts';
import type { RandomSource } from '../../src/graph/random.ts';
import { FieldWriter } from '../../src/graph/wire.ts';
import { type Choices, choices } from './choices.ts';

/** How often odd things come up, from 0 to 1. */
export interface Oddness {
	readonly cycles: number;
	readonly unknownInputs: number;
	readonly unknownOps: number;
	readonly duplicateNames: number;
}

const OPS = [
	...['Identity', 'Identity', 'Identity', 'Relu', 'Neg', 'CheckNumerics', 'StopGradient', 'Squeeze'],
	...['Add', 'Mul', 'AddV2', 'MatMul', 'Conv2D', 'IdentityN', 'FakeQuantWithMinMaxVars', 'Split'],
	...['Const', 'Const', 'Const', 'Placeholder', 'PlaceholderWithDefault', 'VariableV2', 'RandomUniform'],
	...['Merge', 'Merge', 'Switch', 'Enter', 'Exit', 'NextIteration', 'NoOp', 'RefMerge', 'LRN'],
];
const SOURCES = new Set(['Const', 'Placeholder', 'VariableV2', 'NoOp']);
const NAMES = ['a', 'b', 'c', 'x', 'y', 'scope/', 'scope/deep/', 'é', '_', 'w', '10', 'z.'];
const DEVICES = ['', '', '', '', '/cpu:0', '/device:GPU:1'];

export function randomGraph(random: RandomSource, odd: Oddness): Graph {
	const pick = choices(random);
	const count = 1 + pick.below(pick.chance(0.2) ? 60 : 16);
	const names: string[] = [];
	while (names.length < count) {
		const twin = names.length > 0 && pick.chance(odd.duplicateNames);
		const name = twin ? pick.one(names) : `${pick.one(NAMES)}${pick.below(count * 2)}`;
		if (twin || !names.includes(name)) names.push(name);
	}
	const nodes = names.map((name, i) => randomNode(pick, odd, name, names, i));
	return new Graph(pick.chance(0.5) ? pick.shuffled(nodes) : nodes, {
		versions: pick.chance(0.3) ? Uint8Array.of(8, 1 + pick.below(100)) : undefined,
	});
}

function randomNode(pick: Choices, odd: Oddness, name: string, names: readonly string[], i: number): Node {
	const op = pick.chance(odd.unknownOps) ? 'Foo' : pick.one(OPS);
	const inputs: string[] = [];
	const data = SOURCES.has(op) || i === 0 ? 0 : pick.one([1, 1, 1, 1, 2, 2, 3]);
	for (let k = 0; k < data; k++) inputs.push(randomInput(pick, odd, names, i));
	if (i > 0) {
		const controls = pick.one([0, 0, 0, 0, 0, 0, 1, 1, 2]);
		for (let k = 0; k < controls; k++) inputs.push(`^${earlier(pick, odd, names, i)}`);
	}
	if (pick.chance(0.05)) inputs.reverse();
	return Node.of({ name, op, inputs, device: pick.one(DEVICES), attrs: randomAttrs(pick, op) });
}

function earlier(pick: Choices, odd: Oddness, names: readonly string[], i: number): string {
	if (pick.chance(odd.unknownInputs)) return 'nowhere';
	// Few sources with many readers, as weights have them.
	const limit = pick.chance(odd.cycles) ? names.length : Math.max(1, i);
	return names[pick.chance(0.3) ? pick.below(Math.min(3, limit)) : pick.below(limit)]!;
}

function randomInput(pick: Choices, odd: Oddness, names: readonly string[], i: number): string {
	return earlier(pick, odd, names, i) + pick.one(['', '', '', '', '', '', '', ':0', ':1']);
}

function randomAttrs(pick: Choices, op: string): Map<string, Attr> {
	const attrs = new Map<string, Attr>();
	if (op === 'Const') {
		attrs.set('dtype', Attr.type(1));
		attrs.set('value', randomTensor(pick));
	} else if (pick.chance(0.7)) attrs.set('T', Attr.type(pick.one([1, 1, 1, 3])));
	while (pick.chance(0.25)) attrs.set(pick.one(['p', 'q', '_class', 'T', 'foo', 'bar']), randomAttr(pick));
	return attrs;
}

function randomTensor(pick: Choices): Attr {
	const size = pick.below(4);
	const data = Float32Array.from({ length: size }, () => pick.below(2));
	return pick.one([Attr.tensor, Attr.tensorTyped])({ dtype: 1, shape: [size], data });
}

function randomAttr(pick: Choices): Attr {
	return pick.one([
		() => Attr.int(pick.one([0, 1, -1, 5, 2 ** 40])),
		() => Attr.float(pick.one([0, -0, 1.5, Number.NaN])),
		() => Attr.bool(pick.chance(0.5)),
		() => Attr.string(pick.one(['', 'SAME', 'loc:@a'])),
		() => Attr.shape(pick.one([null, [], [1, 2], [-1, 0]])),
		() => Attr.ints(pick.one([[], [1], [1, 2, -3]])),
		() => Attr.types(pick.one([[], [1, 3]])),
		() => Attr.strings(pick.one([[], ['loc:@a', 'loc:@b']])),
		() => Attr.shapes(pick.one([[], [null, [1]]])),
		() => Attr.func(pick.one(['f', 'g'])),
		() => new Attr(new Uint8Array(0)),
		() => new Attr(pick.one(UNUSUAL)),
	])();
}

/** AttrValues as no writer of today has them, but any reader takes them. */
const UNUSUAL: readonly Uint8Array[] = [
	// `i` twice; `type` after `i`; a varint that is longer than it must be; bool 2.
	Uint8Array.of(0x18, 1, 0x18, 2),
	Uint8Array.of(0x18, 1, 0x30, 1),
	Uint8Array.of(0x18, 0x81, 0x00),
	Uint8Array.of(0x28, 2),
	// list { i: 1 i: 2 } not packed; list { } with s after i.
	new FieldWriter().bytes(1, Uint8Array.of(0x18, 1, 0x18, 2)).finish(),
	new FieldWriter().bytes(1, Uint8Array.of(0x1a, 1, 5, 0x12, 1, 65)).finish(),
	// tensor with its shape before its dtype, then with a dtype of 0 written out; an unknown field 19.
	new FieldWriter().bytes(8, Uint8Array.of(0x12, 0, 0x08, 1)).finish(),
	new FieldWriter().bytes(8, Uint8Array.of(0x08, 0, 0x12, 0)).finish(),
	new FieldWriter().bytes(8, Uint8Array.of(0x98, 0x01, 7, 0x08, 1)).finish(),
	// func { attr { "k": i=1 } } with the value before the key.
	new FieldWriter().bytes(10, Uint8Array.of(0x12, 7, 0x12, 2, 0x18, 1, 0x0a, 1, 0x6b)).finish(),
];
