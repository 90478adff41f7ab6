/** What a session comes to: the lines that make its current graph, without detours. Every export is made of it. */
import { sameList } from '../graph/changes.ts';
import type { LogEntry } from './cell.ts';
import type { Step } from './history.ts';
import type { Session } from './session.ts';

export type RecipeItem =
	/** Inputs and outputs are set; a side that stays as it was is undefined. */
	| {
			readonly kind: 'endpoints';
			readonly inputs: readonly string[] | undefined;
			readonly outputs: readonly string[] | undefined;
	  }
	| { readonly kind: 'step'; readonly step: Step; readonly before: Step }
	/** The step before it has a name. */
	| { readonly kind: 'label'; readonly label: string }
	/** A line that is no transform: `save`, `assert`, …; a question, where they are asked for. */
	| { readonly kind: 'line'; readonly entry: LogEntry };

/** @param questions whether lines that only ask belong to it. */
export function recipeOf(session: Session, questions = false): RecipeItem[] {
	const { history } = session;
	const path = history.pathTo();
	const root = path[0]!;
	const first = path[1] ?? { inputs: root.endpoints.inputs, outputs: root.endpoints.outputs };
	const lines = linesByStep(session, questions);
	const items: RecipeItem[] = [{ kind: 'endpoints', inputs: first.inputs, outputs: first.outputs }];
	let known = { inputs: first.inputs, outputs: first.outputs };
	const expect = (wanted: { inputs: readonly string[]; outputs: readonly string[] }): void => {
		const inputs = sameList(known.inputs, wanted.inputs) ? undefined : wanted.inputs;
		const outputs = sameList(known.outputs, wanted.outputs) ? undefined : wanted.outputs;
		if (inputs || outputs) items.push({ kind: 'endpoints', inputs, outputs });
		known = { inputs: wanted.inputs, outputs: wanted.outputs };
	};
	path.forEach((step, i) => {
		const before = path[i - 1];
		if (before) {
			expect(step);
			items.push({ kind: 'step', step, before });
			known = { ...known, ...step.result?.ends };
		}
		if (step.label !== undefined) items.push({ kind: 'label', label: step.label });
		for (const entry of lines.get(step.id) ?? []) {
			expect(entry.cell.graph!);
			items.push({ kind: 'line', entry });
		}
	});
	expect(history.current.endpoints);
	return items;
}

/** Lines with a place in a script, by the step that was current when they ran. */
function linesByStep(session: Session, questions: boolean): ReadonlyMap<number, readonly LogEntry[]> {
	const lines = new Map<number, LogEntry[]>();
	for (const entry of session.log.slice(session.openedAt)) {
		const { scripted, stepAfter, cell } = entry;
		if (!cell.ok || cell.answer.failed || stepAfter === undefined || !cell.graph) continue;
		if (scripted !== 'always' && !(questions && scripted === 'asked')) continue;
		if (/^(open|inputs|outputs)\b/.test(cell.input)) continue;
		const list = lines.get(stepAfter);
		if (list) list.push(entry);
		else lines.set(stepAfter, [entry]);
	}
	return lines;
}

/** A run of steps that one call of the C++ tool can make: the same inputs and outputs throughout. */
export interface Chain {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly steps: readonly Step[];
}

/** The steps of the current branch, cut where inputs or outputs change. */
export function chainsOf(session: Session): Chain[] {
	const chains: { inputs: readonly string[]; outputs: readonly string[]; steps: Step[] }[] = [];
	for (const step of session.history.pathTo().slice(1)) {
		const last = chains.at(-1);
		if (last && sameList(last.inputs, step.inputs) && sameList(last.outputs, step.outputs))
			last.steps.push(step);
		else chains.push({ inputs: step.inputs, outputs: step.outputs, steps: [step] });
	}
	return chains;
}

/** The file that the current branch was last saved as; undefined when it never was. */
export function lastSaved(session: Session): string | undefined {
	const onPath = new Set(session.history.pathTo().map((step) => step.id));
	for (const { cell, stepAfter } of session.log.slice(session.openedAt).toReversed()) {
		if (!cell.ok || !/^save\s/.test(cell.input) || !onPath.has(stepAfter ?? -1)) continue;
		const { file, format } = cell.answer.data as { file?: string; format?: string };
		if (file !== undefined && format === 'GraphDef') return file;
	}
	return undefined;
}
