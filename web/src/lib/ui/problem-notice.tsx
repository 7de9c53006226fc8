import { problemOf } from '../api.ts';
import { useWords } from '../words.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** A refusal of the server beside what it was asked for. `title` says what could not be done, in this screen's words. */
export function ProblemNotice({
  error,
  title,
  retry,
}: {
  readonly error: unknown;
  readonly title?: string;
  readonly retry?: () => unknown;
}) {
  const { t } = useWords();
  const problem = problemOf(error);
  const heading = title ?? (problem.title === '' ? t('error.title') : problem.title);
  const code = [
    problem.status > 0 ? String(problem.status) : undefined,
    problem.code,
    problem.requestId === undefined ? undefined : t('error.request', { id: problem.requestId }),
  ];
  return (
    <Notice
      tone={problem.status === 0 ? 'warn' : 'bad'}
      icon={problem.status === 0 ? 'wifi' : 'alert'}
      live="alert"
      title={heading}
      actions={
        retry !== undefined && (
          <Button size="small" icon="retry" onPress={retry}>
            {t('action.try-again')}
          </Button>
        )
      }
      code={code.filter((part) => part !== undefined).join(' · ')}
    >
      <p>{problem.message}</p>
      {problem.fields.length > 1 && (
        <ul>
          {problem.fields.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              <code>{field}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
