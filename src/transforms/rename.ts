/**
 *   before   net/conv1 = Conv2D(net/x, net/w)      rename(from="net/*", to="body/*")
 *   after    body/conv1 = Conv2D(body/x, body/w)
 */
import { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { defineTransform } from './define.ts';
import { string } from './parameters.ts';

export default defineTransform({
	name: 'rename',
	summary: 'rename nodes or whole scopes, with every reference to them',
	details:
		'`from` is a name, or a pattern in which each * stands for any text; the *s of `to` take what they stood ' +
		'for, in order. Inputs, control edges, `_class` colocations and the inputs and outputs in force follow. ' +
		'A name that is taken stops the step.',
	origin: 'whittle',
	loss: 'interface',
	picture:
		'before   net/y = Relu(net/x)      rename(from="net/*", to="body/*")\nafter    body/y = Relu(body/x)',
	params: {
		from: string('a name or a pattern with *', {
			missing: 'rename needs from: rename(from="a/*", to="b/*")',
			subject: 'node',
		}),
		to: string('the new name, or a pattern with as many *', {
			missing: 'rename needs to: rename(from="a/*", to="b/*")',
			subject: 'node',
		}),
	},
	examples: ['rename(from="pnet/*", to="proposal/*")', 'rename(from=pnet/prob1, to=face_probability)'],
	seeAlso: ['rename_node', 'obfuscate_names'],
	idempotent: false,

	apply({ graph, inputs, outputs, params, report }) {
		const renamed = newNames(graph.nodes, params.from, params.to);
		if (renamed.size === 0) report.note(`no node is called ${params.from}`);
		checkFree(graph.nodes, renamed);
		const follow = (input: string): string => {
			const { prefix, name, suffix } = inputParts(input);
			const target = renamed.get(name);
			return target === undefined ? input : prefix + target + suffix;
		};
		const nodes = graph.nodes.map((node) => {
			const touched = renamed.has(node.name) || node.sources.some((source) => renamed.has(source));
			const located = relocate(node, renamed);
			return touched
				? located.with({ name: renamed.get(node.name) ?? node.name, inputs: node.inputs.map(follow) })
				: located;
		});
		report.ends({ inputs: inputs.map(follow), outputs: outputs.map(follow) });
		return graph.with(nodes);
	},
});

/** Old name → new name, for every node that `from` fits. */
function newNames(nodes: readonly Node[], from: string, to: string): Map<string, string> {
	const stars = (text: string): number => text.split('*').length - 1;
	if (stars(to) > stars(from)) {
		throw new WhittleError('transform', `rename: "${to}" has more * than "${from}"`);
	}
	const pattern = new RegExp(`^${from.split('*').map(escapeRegExp).join('(.*)')}$`, 's');
	const renamed = new Map<string, string>();
	for (const node of nodes) {
		const match = pattern.exec(node.name);
		if (!match) continue;
		let star = 0;
		renamed.set(
			node.name,
			to.replace(/\*/g, () => match[++star] ?? ''),
		);
	}
	return renamed;
}

function escapeRegExp(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function checkFree(nodes: readonly Node[], renamed: ReadonlyMap<string, string>): void {
	const taken = new Set<string>();
	for (const node of nodes) {
		const name = renamed.get(node.name) ?? node.name;
		if (taken.has(name)) throw new WhittleError('transform', `rename: two nodes would be called \`${name}\``);
		if (name === '' || /[:^\s]/.test(name))
			throw new WhittleError('transform', `rename: \`${name}\` is no name for a node`);
		taken.add(name);
	}
}

/** `loc:@a` in `_class` follows `a`. */
function relocate(node: Node, renamed: ReadonlyMap<string, string>): Node {
	const classes = node.attr('_class')?.strings;
	if (!classes) return node;
	const next = classes.map((item) => {
		const target = item.startsWith('loc:@') ? renamed.get(item.slice(5)) : undefined;
		return target === undefined ? item : `loc:@${target}`;
	});
	return next.every((item, i) => item === classes[i]) ? node : node.withAttr('_class', Attr.strings(next));
}
