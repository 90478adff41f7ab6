import { isTurn, type Work } from '../graph/progress.ts';
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
import { plural } from '../session/figures.ts';
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

interface Tree {
	readonly data: ScopeData;
	readonly item: TreeItem;
}

interface Described {
	readonly scope: Scope;
	readonly data: ScopeData;
	/** undefined for what is not shown: a large graph has a hundred thousand scopes. */
	item: (TreeItem & { readonly children: TreeItem[] }) | undefined;
}

interface Wanted {
	readonly depth: number;
	readonly sort: string;
	readonly flops: ReadonlyMap<Scope, ScopeFlops>;
}

/** Level by level, so that no depth of names can overflow the stack; in turns. */
function* describing(root: Scope, { depth, sort, flops }: Wanted): Work<Tree> {
	const dataOf = (scope: Scope): ScopeData => {
		const sums = flops.get(scope)!;
		const own = costed(scope.own, sums.own);
		const total = costed(scope.total, sums.total);
		return { name: scope.name, path: scope.path, own, total, children: [] };
	};
	const itemOf = (scope: Scope, data: ScopeData): TreeItem & { readonly children: TreeItem[] } => ({
		label: label(data, scope.children.size > 0),
		children: [],
	});
	const data = dataOf(root);
	const item = itemOf(root, data);
	let level: Described[] = [{ scope: root, data, item }];
	for (let i = 0; i < depth; i++) {
		const next: Described[] = [];
		for (const [at, { scope, data, item }] of level.entries()) {
			if (isTurn(at)) yield { done: i + at / level.length, total: depth };
			const children: Described[] = [];
			for (const child of scope.children.values())
				children.push({ scope: child, data: dataOf(child), item: undefined });
			const key = sort as keyof Costed;
			if (sort !== 'file') children.sort((a, b) => b.data.total[key] - a.data.total[key]);
			for (const [k, child] of children.entries()) {
				data.children.push(child.data);
				next.push(child);
				if (!item || k >= SHOWN) continue;
				child.item = itemOf(child.scope, child.data);
				item.children.push(child.item);
			}
			const hidden = children.length - SHOWN;
			if (hidden > 0) item?.children.push({ label: [span(`and ${hidden} more`, 'dim')], children: [] });
		}
		level = next;
	}
	return { data, item };
}

function costed({ nodes, params, bytes }: Figures, flops: number): Costed {
	return { nodes, params, bytes, flops };
}

function label({ name, path, own, total }: ScopeData, deeper: boolean): Line {
	const called = path === '' ? '(top)' : deeper ? `${name}/` : name;
	const figures = [plural(total.nodes, 'node')];
	if (total.params > 0) figures.push(paramsText(total.params));
	figures.push(humanBytes(total.bytes));
	if (total.flops > 0) figures.push(`${humanCount(total.flops)} FLOPs`);
	const direct =
		deeper && own.nodes > 0 ? ` (own: ${plural(own.nodes, 'node')}, ${paramsText(own.params)})` : '';
	return [span(called, 'strong'), span(`  ${figures.join(' · ')}${direct}`, 'dim')];
}

function paramsText(params: number): string {
	return `${humanCount(params)} param${params === 1 ? '' : 's'}`;
}
