/** The fields of the query language, declared once: matching, help and completion come from here. */
import { dtypeByName, dtypeName } from '../graph/dtype.ts';
import { type LineSpan, WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { attrText } from './attr-values.ts';
import { costOf } from './flops.ts';
import { outputShapes } from './output-shapes.ts';
import type { QueryField } from './query-field.ts';
import { neighbourField } from './query-neighbours.ts';
import type { Leaf } from './query-syntax.ts';
import { numberTest, parseQuantity, shapeTest, textTest } from './query-values.ts';
import { weightsRead } from './weights-read.ts';

export const queryFields: readonly QueryField[] = [
	{
		name: 'name',
		summary: 'the whole name; * and ? are wildcards, /…/ a regular expression',
		example: 'name:pnet/*',
		cost: 2,
		values: 'name',
		test(index, leaf) {
			const fits = textTest('name', leaf, false);
			return (i) => fits(index.graph.nodes[i]!.name);
		},
	},
	{
		name: 'op',
		summary: 'the op type',
		example: 'op:(Conv2D OR MatMul)',
		cost: 1,
		values: 'op',
		test(index, leaf) {
			const fits = textTest('op', leaf, true);
			const { ops, ids } = index.opIds;
			const answers = Uint8Array.from(ops, (op) => (fits(op) ? 1 : 0));
			return (i) => answers[ids[i]!] === 1;
		},
	},
	{
		name: 'params',
		summary: 'elements of a constant or variable, or of those that a node reads',
		example: 'params:>10k',
		cost: 3,
		values: 'number',
		test(index, leaf) {
			const fits = numberTest('params', leaf);
			const { params } = weightsRead(index.graph);
			return (i) => fits(params[i]!);
		},
	},
	{
		name: 'bytes',
		summary: 'bytes of the same in the file; 1MB is 1,000,000, 1MiB 1,048,576',
		example: 'bytes:>1MB',
		cost: 3,
		values: 'number',
		test(index, leaf) {
			const fits = numberTest('bytes', leaf);
			const { bytes } = weightsRead(index.graph);
			return (i) => fits(bytes[i]!);
		},
	},
	{
		name: 'flops',
		summary: 'floating-point operations; nodes of unknown cost fit nothing',
		example: 'flops:>1M',
		cost: 6,
		values: 'number',
		test(index, leaf) {
			const fits = numberTest('flops', leaf);
			const { flops } = costOf(index.graph);
			return (i) => !Number.isNaN(flops[i]!) && fits(flops[i]!);
		},
	},
	{
		name: 'dtype',
		summary: 'the dtype of an output',
		example: 'dtype:float',
		cost: 4,
		values: 'dtype',
		test(index, leaf) {
			const plain =
				leaf.type === 'text' ? dtypeByName(leaf.text.toLowerCase().replace(/^dt_/, '')) : undefined;
			const wanted: Leaf =
				plain === undefined ? leaf : { ...leaf, type: 'text', text: dtypeName(plain), quoted: false };
			const fits = textTest('dtype', wanted, true);
			const { dtypes } = index;
			return (i) => dtypes[i]!.some(fits);
		},
	},
	{
		name: 'shape',
		summary: 'the shape of an output: ? unknown, * any size, ... any number of sizes',
		example: 'shape:[?,24,24,3]',
		cost: 5,
		values: 'shape',
		test(index, leaf) {
			const fits = shapeTest(leaf);
			const shapes = outputShapes(index.graph);
			return (i) => shapes[i]!.some(fits);
		},
	},
	{
		name: 'attr',
		summary: 'an attribute: attr.NAME; attr.NAME:* where it is there at all',
		example: 'attr.padding:SAME',
		cost: 5,
		values: 'attr',
		test(index, leaf, key) {
			const fits = attrTest(leaf, key);
			return (i) => {
				const attr = index.graph.nodes[i]!.attr(key);
				return attr !== undefined && fits(attrText(attr));
			};
		},
	},
	neighbourField('in', 'the direct inputs of a node', 'up', 1),
	neighbourField('out', 'the direct readers of a node', 'down', 1),
	neighbourField('above', 'everything that a node needs', 'up'),
	neighbourField('below', 'everything that a node reaches', 'down'),
	{
		name: 'fanout',
		summary: 'how many nodes read it',
		example: 'fanout:0',
		cost: 2,
		values: 'number',
		test(index, leaf) {
			const fits = numberTest('fanout', leaf);
			return (i) => fits(index.fanout(i));
		},
	},
	{
		name: 'fanin',
		summary: 'how many inputs it has, control inputs included',
		example: 'fanin:>2',
		cost: 1,
		values: 'number',
		test(index, leaf) {
			const fits = numberTest('fanin', leaf);
			return (i) => fits(index.graph.nodes[i]!.inputs.length);
		},
	},
	{
		name: 'device',
		summary: 'the device it is placed on',
		example: 'device:*GPU*',
		cost: 1,
		values: 'device',
		test(index, leaf) {
			const fits = textTest('device', leaf, true);
			return (i) => fits(index.graph.nodes[i]!.device);
		},
	},
	{
		name: 'scope',
		summary: 'a part of the name tree, everything under it',
		example: 'scope:pnet/conv1',
		cost: 2,
		values: 'scope',
		test(index, leaf) {
			if (leaf.type !== 'text' || /[*?]/.test(leaf.text)) {
				const fits = textTest('scope', leaf, false);
				return (i) => scopesOf(index.graph.nodes[i]!.name).some(fits);
			}
			const prefix = `${leaf.text.replace(/\/+$/, '')}/`;
			return (i) => index.graph.nodes[i]!.name.startsWith(prefix);
		},
	},
];

const byName = new Map(queryFields.map((field) => [field.name, field]));

/** The field of a word before a colon. @throws WhittleError `usage` with *did you mean*. */
export function fieldByName(name: string, span: LineSpan): { field: QueryField; key: string } {
	const dot = name.indexOf('.');
	const field = byName.get(dot < 0 ? name : name.slice(0, dot));
	if (field && (field.name === 'attr') === dot >= 0) return { field, key: name.slice(dot + 1) };
	const hint = field
		? field.name === 'attr'
			? 'attr.NAME:VALUE, for example attr.padding:SAME'
			: `only attr has a second part, as in attr.padding:SAME`
		: (didYouMean(name, byName.keys()) ?? `fields: ${[...byName.keys()].join(', ')}`);
	throw new WhittleError('usage', `There is no field \`${name}\`.`, { hint, span });
}

/** `a/b/c` lies in `a` and `a/b`. */
function scopesOf(name: string): string[] {
	const scopes: string[] = [];
	for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) scopes.push(name.slice(0, at));
	return scopes;
}

function attrTest(leaf: Leaf, key: string): (text: string) => boolean {
	const limit = leaf.type === 'compare' ? parseQuantity(leaf.text) : undefined;
	if (limit !== undefined) {
		const fits = numberTest(key, leaf);
		return (text) => text !== '' && fits(Number(text));
	}
	return textTest(key, leaf, true);
}
