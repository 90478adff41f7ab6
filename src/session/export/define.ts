/** What a form of exported session is: one declaration, one line in `index.ts`. */
import { WhittleError } from '../../graph/error.ts';
import { transformByName } from '../../transforms/index.ts';
import { formatInvocation } from '../../transforms/language.ts';
import type { Block } from '../answer.ts';
import type { Step } from '../history.ts';
import { type Chain, chainsOf } from '../recipe.ts';
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

/** What the C++ tool can be asked to do of a session. */
export interface ToolChains {
	/** Without the steps that only whittle has; none is empty. */
	readonly chains: readonly Chain[];
	/** A comment for each of these steps, as `sh` and Python read it. */
	readonly leftOut: readonly string[];
}

/** @throws WhittleError `usage` where there is no step, or one that only whittle has and `partial` is not asked. */
export function toolChains(session: Session, options: ExportOptions): ToolChains {
	requireSteps(session);
	const foreign = refuseForeign(session, options);
	return {
		chains: chainsOf(session)
			.map((chain) => ({ ...chain, steps: chain.steps.filter((step) => !foreign.has(step)) }))
			.filter((chain) => chain.steps.length > 0),
		leftOut: [...foreign].map((step) => `# left out, only whittle has it: ${oneLine(stepText(step))}`),
	};
}

/** For a comment, which ends with its line. */
export function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ');
}

/** @throws WhittleError `usage` that names the steps which the C++ tool does not have. */
function refuseForeign(session: Session, { partial }: ExportOptions): ReadonlySet<Step> {
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
