/** A node's attributes against its op's signature, and the functions that they name. */
import type { Attr } from '../graph/attr.ts';
import { dtypeName } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { nearest } from '../graph/suggest.ts';
import { type AttributeSpec, type OpSignature, scalarKinds } from '../ops/signature.ts';
import { attrText } from './attr-values.ts';
import type { AddFinding } from './finding.ts';

export function checkAttributes(node: Node, signature: OpSignature, add: AddFinding): void {
	const { attrs } = node;
	for (const spec of signature.attributes) {
		const attr = attrs.get(spec.name);
		if (attr) checkAttribute(attr, spec, add);
		else if (spec.fallback === undefined)
			add(
				'missing attribute',
				`${node.op} needs the attribute \`${spec.name}\` (${spec.type}).`,
				'No default stands for it: make the graph anew.',
			);
	}
	if (attrs.size === 0) return;
	for (const name of attrs.keys()) {
		if (name.startsWith('_') || signature.attributes.some((spec) => spec.name === name)) continue;
		const mend = `remove_attribute(attribute_name=${name}, op_name=${node.op})`;
		add('unknown attribute', `${node.op} has no attribute \`${name}\`.`, mend);
	}
}

function checkAttribute(attr: Attr, spec: AttributeSpec, add: AddFinding): void {
	const wanted = spec.type.startsWith('list(') ? 'list' : scalarKinds[spec.type];
	if (attr.kind === 'placeholder') return;
	if (wanted !== undefined && attr.kind !== wanted) {
		const is = attr.kind === 'none' ? 'has no value' : `holds ${attrText(attr)}`;
		add(
			'mistyped attribute',
			`\`${spec.name}\` should be of type ${spec.type}; it ${is}.`,
			'Set it to a value of that type.',
		);
		return;
	}
	const { type, int } = attr;
	if (type !== undefined && spec.allowedTypes && !spec.allowedTypes.includes(type))
		add(
			'attribute value',
			`\`${spec.name}\` may not be ${dtypeName(type)}.`,
			allowed(spec.allowedTypes.map(dtypeName)),
		);
	const text = spec.allowedStrings ? attr.string : undefined;
	if (text !== undefined && !spec.allowedStrings!.includes(text))
		add('attribute value', `\`${spec.name}\` may not be \`${text}\`.`, allowed(spec.allowedStrings!));
	const size =
		spec.minimum === undefined ? undefined : (int ?? (wanted === 'list' ? listLength(attr) : undefined));
	if (size !== undefined && size < spec.minimum!)
		add('attribute value', `\`${spec.name}\` is ${size}; the least is ${spec.minimum}.`, 'Set a larger one.');
}

function listLength(attr: Attr): number {
	const list = attr.value.list!;
	return Math.max(
		list.type.length,
		list.s.length,
		list.i.length,
		list.f.length,
		list.b.length,
		list.shape.length,
		list.func.length,
		list.tensor.length,
	);
}

function allowed(values: readonly string[]): string {
	return `One of ${values.slice(0, 12).join(', ')}${values.length > 12 ? ', …' : ''}.`;
}

/** Functions that a node calls by name. */
export function checkCalls(graph: Graph, node: Node, signature: OpSignature, add: AddFinding): void {
	for (const { name, type } of signature.attributes) {
		if (type !== 'func') continue;
		const called = node.attr(name)?.functionName;
		if (called === undefined || called === '' || graph.functions.get(called)) continue;
		const near = nearest(
			called,
			graph.functions.functions.map((f) => f.name),
			1,
		)[0];
		const mend = near
			? `Perhaps \`${near}\` is meant.`
			: 'The library of the graph was lost: open the file that has it.';
		add(
			'missing function',
			`\`${name}\` calls the function \`${called}\`, which the graph does not have.`,
			mend,
		);
	}
}
