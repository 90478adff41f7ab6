/** Tables of the documents about looking at a graph: the fields of queries, the rules of FLOPs. */
import { queryFields } from '../src/inspect/query-fields.ts';
import { ops } from '../src/ops/index.ts';

export function fieldTable(): string {
	const rows = queryFields.map((field) => {
		const name = field.name === 'attr' ? 'attr.NAME' : field.name;
		return `| \`${name}\` | ${field.summary} | \`${field.example}\` |`;
	});
	return ['| field | what it is | example |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Op types by their rule, in the order in which `src/ops/` declares them. */
export function flopsTable(): string {
	const byRule = new Map<string, string[]>();
	for (const { flops, flopsRule, names } of ops) {
		if (!flops) continue;
		const rule = flopsRule ?? 'see `src/ops/`';
		byRule.set(rule, [...(byRule.get(rule) ?? []), ...names]);
	}
	const rows = [...byRule].map(
		([rule, names]) => `| ${names.map((name) => `\`${name}\``).join(' ')} | ${rule} |`,
	);
	return ['| op types | floating-point operations |', '| --- | --- |', ...rows].join('\n');
}
