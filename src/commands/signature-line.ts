import type { ModelContext } from '../graph/model-context.ts';
import { type Line, span } from '../session/answer.ts';
import { quoteWord } from '../session/quote-word.ts';

/** Signatures named one by one; `signatures` lists all. */
const NAMED = 3;

/** What a model with signatures was opened as, and how to open it as another one; nothing for a bare graph. */
export function signatureLines(path: string, context: ModelContext | undefined): Line[] {
	const { tags = [], signature, signatures = [] } = context ?? {};
	if (!context || (tags.length === 0 && signatures.length === 0)) return [];
	const tagged = tags.length > 0 ? [span(' tags ', 'dim'), span(tags.join(','), 'name')] : [];
	const using = signature ? [span(' signature ', 'dim'), span(signature.name, 'name')] : [];
	const others = signatures.filter((each) => each !== signature && each.name !== signature?.name);
	const names = others.slice(0, NAMED).map((each) => each.name);
	if (others.length > NAMED) names.push(`${others.length - NAMED} more`);
	const choice =
		others.length > 0
			? [span(`, not ${names.join(', ')}  (open ${quoteWord(path)} --signature ${others[0]!.name})`, 'dim')]
			: [];
	return [[...tagged, ...using, ...choice]];
}
