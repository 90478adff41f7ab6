/** Pages of `help` that belong to no single word. */
import { queryFields } from '../inspect/query-fields.ts';
import { type Block, text } from '../session/answer.ts';

const query = [
	'A query filters nodes: words and fields side by side must all fit.',
	'',
	...queryFields.map((field) => `  ${field.example.padEnd(30)} ${field.summary}`),
	'',
	'  -op:Const   AND OR NOT ( )     op:(Conv2D OR MatMul) -name:onet/*',
	'',
	'  find op:Const | sort -bytes | head 20 > consts.csv',
];

const pipes = [
	'The answer of a question can be cut and written:',
	'',
	'  | sort COLUMN   | sort -COLUMN     smallest or largest first',
	'  | head 20       | tail 20          the first or last rows',
	'  | grep TEXT     | grep -v TEXT     rows with or without a text or /regex/',
	'  > FILE.csv .json .md .txt          write it; the ending says how',
	'  >! FILE                            the same, in the place of a file that is there',
];

const scripts = [
	'A session script is plain text: the lines of the shell, one a line, # for comments.',
	'',
	'  export clean.whittle           writes the steps of this session',
	'  run clean.whittle              runs them here, as ordinary steps',
	'  whittle run clean.whittle F    runs them on the model F, without the shell',
	'  export clean.sh                the same for the C++ transform_graph',
	'  export clean.py  clean.ts      for TensorFlow in Python, for the library graphwhittle',
	'  export notes.md                a notebook: questions and answers',
	'  assert nodes <= 200            makes a script a check for CI',
];

const files = [
	'  $XDG_CONFIG_HOME/whittle/config     lines `set NAME VALUE` and `alias NAME LINE`',
	'                                      (~/.config/whittle/config)',
	'  $XDG_STATE_HOME/whittle/sessions    journals, for `whittle --resume`',
	'                                      (~/.local/state/whittle/sessions)',
	'  WHITTLE_HOME                        a folder for both, when it is set',
];

/** Topic → page. */
export const topics: ReadonlyMap<string, readonly Block[]> = new Map(
	Object.entries({ query, pipes, scripts, files }).map(([name, lines]) => [name, [text(...lines)]]),
);
