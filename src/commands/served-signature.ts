/** The signature under which a graph is served: the model's own names where it had them, node names elsewhere. */
import type { ServedSignature } from '../formats/saved-model-write.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { SignatureTensor } from '../graph/model-context.ts';
import { sourceOf } from '../graph/names.ts';
import { outputShapes } from '../inspect/output-shapes.ts';
import { isVariable } from '../inspect/weights.ts';
import { outputDtypes } from '../ops/signature.ts';
import type { Session } from '../session/session.ts';

/** @throws WhittleError `usage` where there are no outputs, or variables that would be left without values. */
export function servedSignature(session: Session): ServedSignature {
	const { graph, inputs, outputs } = session;
	if (outputs.length === 0)
		throw new WhittleError('usage', 'A signature needs outputs.', { hint: 'outputs NAME …' });
	const variable = graph.nodes.find(isVariable) ?? graph.nodes.find(({ op }) => /^HashTable(V2)?$/.test(op));
	if (variable) {
		throw new WhittleError(
			'usage',
			`\`${variable.name}\` (${variable.op}) has no value of its own to be saved.`,
			{
				hint: 'freeze',
			},
		);
	}
	const signature = graph.parts.context?.signature;
	return {
		name: signature?.name ?? 'serving_default',
		inputs: tensorsOf(graph, inputs, signature?.inputs ?? []),
		outputs: tensorsOf(graph, outputs, signature?.outputs ?? []),
	};
}

function tensorsOf(
	graph: Graph,
	names: readonly string[],
	known: readonly SignatureTensor[],
): SignatureTensor[] {
	const wanted = new Set(names.map(sourceOf));
	const found = known.filter(({ tensor }) => wanted.has(sourceOf(tensor)) && graph.has(sourceOf(tensor)));
	const covered = new Set(found.map(({ tensor }) => sourceOf(tensor)));
	const taken = new Set(found.map(({ name }) => name));
	const shapes = outputShapes(graph);
	const result = [...found];
	for (const name of names) {
		const node = sourceOf(name);
		const position = graph.position.get(node);
		if (covered.has(node) || position === undefined) continue;
		const dtypes = outputDtypes(graph.nodes[position]!, graph.functions) ?? [];
		const port = /:(\d+)$/.exec(name)?.[1];
		const ports = port === undefined ? [...dtypes.keys()] : [Number(port)];
		for (const at of ports) {
			const word = node.replace(/[^\w]/g, '_') + (at > 0 ? `_${at}` : '');
			const key = taken.has(word) ? `${word}_${taken.size}` : word;
			taken.add(key);
			result.push({
				name: key,
				tensor: `${node}:${at}`,
				dtype: (dtypes[at] ?? 0) % 100,
				shape: shapes[position]?.[at] ?? null,
			});
		}
	}
	return result;
}
