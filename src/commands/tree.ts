import type { Work } from '../graph/progress.ts';
import { costing } from '../inspect/flops.ts';
import { humanBytes, humanCount } from '../inspect/humanize.ts';
import { compileQuery } from '../inspect/query.ts';
import {
	type Figures,
	findScope,
	flopsOfScopes,
	growingTree,
	growingTreeOf,
	type Scope,
	type ScopeFlops,
} from '../inspect/scopes.ts';
import { type Line, span, type TreeItem, text } from '../session/answer.ts';
import { count, option, optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedScope } from './named-scope.ts';
import { runPausing } from './run-pausing.ts';

const orders = ['file', 'params', 'bytes', 'flops', 'nodes'] as const;
/** Children shown of one scope; the data has all of them. */
const SHOWN = 40;

export default defineCommand({
	name: 'tree',
	group: 'look',
	summary: 'the scopes of the names with what they hold: nodes, parameters, bytes, FLOPs',
	details:
		'Figures are those of everything below a scope; where nodes lie directly in it, its own stand in brackets. ' +
		'`--where QUERY` counts only the nodes that fit.',
	args: {
		scope: optionalWord('where to begin', { subject: 'scope' }),
		depth: count('levels; 2 unless given', { min: 1 }),
		sort: option('the order of siblings', { values: orders }),
		where: option('a query: only these nodes count', { subject: 'query' }),
	},
	examples: ['tree', 'tree pnet --depth 3', 'tree --sort flops --where op:Conv2D'],
	scripted: 'asked',

	async run(session, { scope, depth = 2, sort = 'file', where }, context) {
		await runPausing(growingTree(session.graph), 'tree', context);
		const start = namedScope(session, scope);
		const shown =
			where === undefined
				? start
				: findScope(
						await runPausing(
							growingTreeOf(session.graph, compileQuery(session.graph, where)),
							'tree',
							context,
						),
						start.path,
					);
		if (!shown || shown.total.nodes === 0)
			return { kind: 'tree', data: { path: start.path, children: [] }, blocks: [text('No node fits.')] };
		await runPausing(costing(session.graph), 'tree', context);
		const flops = flopsOfScopes(session.graph, shown);
		const { data, item } = await runPausing(describing(shown, { depth, sort, flops }), 'tree', context);
		return {
			kind: 'tree',
			data,
			blocks: [{ type: 'tree', items: [item] }],
			next: data.children.slice(0, 1).map((child) => `tree ${child.path}`),
		};
	},
});

type Costed = Figures & { readonly flops: number };

interface ScopeData {
	readonly name: string;
	readonly path: string;
	readonly own: Costed;
	readonly total: Costed;
	readonly children: ScopeData[];
}

interface Described {
	readonly data: ScopeData;
	readonly item: TreeItem & { readonly children: TreeItem[] };
}

interface Wanted {
	readonly depth: number;
	readonly sort: string;
	readonly flops: ReadonlyMap<Scope, ScopeFlops>;
}

/** Level by level, so that no depth of names can overflow the stack; in turns. */
function* describing(root: Scope, { depth, sort, flops }: Wanted): Work<Described> {
	const make = (scope: Scope): Described => {
		const sums = flops.get(scope)!;
		const own = { ...scope.own, flops: sums.own };
		const total = { ...scope.total, flops: sums.total };
		const data = { name: scope.name, path: scope.path, own, total, children: [] };
		return { data, item: { label: label(data, scope.children.size > 0), children: [] } };
	};
	const top = make(root);
	let level: [Scope, Described][] = [[root, top]];
	for (let i = 0; i < depth; i++) {
		const next: [Scope, Described][] = [];
		for (const [k, [scope, described]] of level.entries()) {
			yield { done: i + k / level.length, total: depth };
			const children = [...scope.children.values()].map((child): [Scope, Described] => [child, make(child)]);
			const key = sort as keyof Costed;
			if (sort !== 'file') children.sort(([, a], [, b]) => b.data.total[key] - a.data.total[key]);
			children.forEach(([, made], place) => {
				described.data.children.push(made.data);
				if (place < SHOWN) described.item.children.push(made.item);
			});
			next.push(...children);
			const hidden = children.length - SHOWN;
			if (hidden > 0)
				described.item.children.push({ label: [span(`and ${hidden} more`, 'dim')], children: [] });
		}
		level = next;
	}
	return top;
}

function label({ name, path, own, total }: ScopeData, deeper: boolean): Line {
	const called = path === '' ? '(top)' : deeper ? `${name}/` : name;
	const figures = [`${total.nodes} node${total.nodes === 1 ? '' : 's'}`];
	if (total.params > 0) figures.push(`${humanCount(total.params)} params`);
	figures.push(humanBytes(total.bytes));
	if (total.flops > 0) figures.push(`${humanCount(total.flops)} FLOPs`);
	const direct =
		deeper && own.nodes > 0 ? ` (own: ${own.nodes} nodes, ${humanCount(own.params)} params)` : '';
	return [span(called, 'strong'), span(`  ${figures.join(' · ')}${direct}`, 'dim')];
}
