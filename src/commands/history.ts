import { type Answer, type Line, type Span, span, type TreeItem } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { History, Step } from '../session/history.ts';
import { sizeOf } from '../session/status.ts';
import { defineCommand } from './define.ts';

export default defineCommand({
	name: 'history',
	group: 'history',
	summary: 'all steps with their branches; ● is where you are',
	args: {},
	examples: ['history'],
	scripted: 'asked',

	run(session): Answer {
		const { history } = session;
		const current = history.current.id;
		const steps = history.steps.map((step) => ({
			step: step.id,
			parent: step.parent,
			input: step.input,
			...(step.label === undefined ? {} : { label: step.label }),
			...sizeOf(step.graph),
		}));
		return {
			kind: 'tree',
			data: { current, steps },
			blocks: [{ type: 'tree', items: branch(history, 0) }],
			next: steps.length > 1 ? ['diff 0', 'goto 0'] : [],
		};
	},
});

/** A branch as a flat list; branches that leave it hang below the step that they leave from. */
function branch(history: History, from: number): TreeItem[] {
	const children = history.children();
	const onPath = new Set(history.pathTo().map((step) => step.id));
	const roots: TreeItem[] = [];
	const open: { id: number; list: TreeItem[] }[] = [{ id: from, list: roots }];
	for (let next = open.pop(); next; next = open.pop()) {
		for (let id: number | undefined = next.id; id !== undefined; ) {
			const below: readonly number[] = children.get(id) ?? [];
			const main: number | undefined =
				below.find((child) => onPath.has(child)) ?? history.redoTarget(id) ?? below.at(-1);
			const hanging: TreeItem[] = [];
			next.list.push({ label: stepLine(history, history.step(id)), children: hanging });
			for (const child of below) {
				if (child === main) continue;
				const side: TreeItem[] = [];
				const rest: TreeItem[] = [];
				side.push({ label: stepLine(history, history.step(child)), children: rest });
				hanging.push(...side);
				for (const grandchild of children.get(child) ?? []) open.push({ id: grandchild, list: rest });
			}
			id = main;
		}
	}
	return roots;
}

function stepLine(history: History, step: Step): Line {
	const here = step.id === history.current.id;
	const line: Span[] = [
		span(here ? '● ' : '○ ', here ? 'good' : 'dim'),
		span(`#${step.id} `, 'strong'),
		span(step.input),
	];
	line.push(span(`  ${plural(step.graph.nodes.length, 'node')}`, 'dim'));
	if (step.label !== undefined) line.push(span(`  (${step.label})`, 'changed'));
	return line;
}
