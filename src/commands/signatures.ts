import { dtypeName } from '../graph/dtype.ts';
import type { SignatureTensor } from '../graph/model-context.ts';
import { type Column, text } from '../session/answer.ts';
import { defineCommand } from './define.ts';

const columns: readonly Column[] = [
	{ name: 'signature', tone: 'strong' },
	{ name: 'side' },
	{ name: 'name' },
	{ name: 'tensor', tone: 'name', shrink: true },
	{ name: 'dtype' },
	{ name: 'shape' },
];

export default defineCommand({
	name: 'signatures',
	group: 'graph',
	summary: 'the signatures of a SavedModel or MetaGraph: its inputs and outputs by name',
	args: {},
	examples: ['signatures'],
	scripted: 'asked',

	run(session) {
		const signatures = session.model.graph.parts.context?.signatures ?? [];
		const chosen = session.model.graph.parts.context?.signature?.name;
		const rows = signatures.flatMap(({ name, inputs, outputs }) => [
			...inputs.map((tensor) => row(name, 'input', tensor)),
			...outputs.map((tensor) => row(name, 'output', tensor)),
		]);
		const table = {
			type: 'table' as const,
			columns,
			rows: rows.map((r) => columns.map((c) => shown(r[c.name as keyof Row]))),
		};
		const none = text(
			`${session.model.path} is a ${session.model.format}: it has no signatures; \`inputs\` and \`outputs\` list candidates`,
		);
		return {
			kind: 'table',
			data: {
				columns: columns.map((column) => column.name),
				rows,
				chosen: chosen ?? null,
				tags: session.model.graph.parts.context?.tags ?? [],
			},
			blocks: rows.length > 0 ? [table] : [none],
			...(rows.length > 0 ? {} : { next: ['inputs', 'outputs'] }),
		};
	},
});

interface Row {
	readonly signature: string;
	readonly side: 'input' | 'output';
	readonly name: string;
	readonly tensor: string;
	readonly dtype: string;
	readonly shape: readonly number[] | null;
}

function row(signature: string, side: Row['side'], tensor: SignatureTensor): Row {
	const { name, tensor: place, dtype, shape } = tensor;
	return { signature, side, name, tensor: place, dtype: dtypeName(dtype), shape };
}

function shown(value: Row[keyof Row]): string {
	if (value === null) return '?';
	return typeof value === 'string' ? value : `[${value.map((size) => (size < 0 ? '?' : size)).join(',')}]`;
}
