/** What a form of exported session is: one declaration, one line in `index.ts`. */
import { WhittleError } from '../../graph/error.ts';
import { transformByName } from '../../transforms/index.ts';
import { formatInvocation } from '../../transforms/language.ts';
import type { Block } from '../answer.ts';
import type { Step } from '../history.ts';
import type { Session } from '../session.ts';

export interface ExportOptions {
	/** Lines that only ask belong to it. */
	readonly questions: boolean;
	/** Steps that the form cannot express are left out, and named; else they stop the export. */
	readonly partial: boolean;
	/** Blocks as plain text. */
	plain(blocks: readonly Block[]): string;
}

export interface ExportForm {
	/** The ending of the file's name. */
	readonly ending: string;
	readonly summary: string;
	/** Whether the file is a program that can be started. */
	readonly executable: boolean;
	/** @throws WhittleError `usage` where the session cannot be expressed. */
	write(session: Session, options: ExportOptions): string;
}

/** A step as the transforms language writes it. */
export function stepText(step: Step): string {
	return formatInvocation(step.invocation!);
}

/** The steps that only whittle has; the C++ tool would not know their transforms. */
export function foreignSteps(session: Session): Step[] {
	return session.history
		.pathTo()
		.filter((step) => step.invocation && transformByName(step.invocation.name)?.origin !== 'tensorflow');
}

/** @throws WhittleError `usage` that names the steps which the C++ tool does not have. */
export function refuseForeign(session: Session, { partial }: ExportOptions): ReadonlySet<Step> {
	const foreign = foreignSteps(session);
	if (foreign.length > 0 && !partial) {
		const names = foreign.map((step) => `#${step.id} ${stepText(step)}`).join(', ');
		throw new WhittleError('usage', `The C++ tool does not have ${names}.`, {
			hint: '--partial leaves it out; a .whittle or .ts script can hold it.',
		});
	}
	return new Set(foreign);
}

/** @throws WhittleError `usage` when nothing has been done yet. */
export function requireSteps(session: Session): void {
	if (session.history.current.parent !== null) return;
	throw new WhittleError('usage', 'There is no step to export: this is the graph as opened.', {
		hint: 'Apply a transform first, or `redo`.',
	});
}

/** Where the result goes unless the caller says otherwise: `mtcnn.pb` → `mtcnn-whittled.pb`. */
export function defaultResult(session: Session): string {
	return `${session.model.path.replace(/\/+$/, '').replace(/\.(pb|pbtxt|meta)$/, '')}-whittled.pb`;
}

/** The model's path where the tools can read it: a GraphDef file; undefined for others and the bundled one. */
export function modelFile(session: Session): string | undefined {
	const { path, format } = session.model;
	return format.startsWith('GraphDef') && session.host.exists(path) ? path : undefined;
}
