/** What `check` finds. */

export type FindingKind =
	| 'unknown op'
	| 'missing attribute'
	| 'unknown attribute'
	| 'mistyped attribute'
	| 'attribute value'
	| 'input count'
	| 'input dtype'
	| 'input order'
	| 'missing input'
	| 'missing output'
	| 'missing function'
	| 'duplicate name'
	| 'cycle'
	| 'deprecated op'
	| 'undecodable tensor';

export interface Finding {
	readonly node: string;
	readonly op: string;
	readonly kind: FindingKind;
	/** `error`: TensorFlow refuses the graph. `warning`: it depends on who reads it. */
	readonly severity: 'error' | 'warning';
	/** One sentence. */
	readonly message: string;
	/** What would mend it: a line to type where there is one. */
	readonly mend: string;
}

/** Adds a finding about the node that is being looked at; an error unless told otherwise. */
export type AddFinding = (
	kind: FindingKind,
	message: string,
	mend: string,
	severity?: Finding['severity'],
) => void;
