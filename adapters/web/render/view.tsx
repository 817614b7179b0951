// View elements as HTML. No default branch: a new element does not compile until it has a shape here.
import type { Child } from 'hono/jsx';
import type { DeliverableView } from '../../../src/chat/types.ts';
import type { Button, Element, Tone } from '../../../src/view/types.ts';
import { cut, LIMITS, more } from './limits.ts';
import { Prose } from './prose.tsx';
import type { Viewer } from './viewer.ts';
import { Visible, visibleText } from './visible.tsx';

/** The word that carries a tone for those who do not see its colour. */
const TONE_WORDS: Readonly<Record<Tone, string>> = { info: 'Note', good: 'Done', warning: 'Warning', danger: 'Danger' };

const Rest = ({ label, children }: { readonly label: string; readonly children: Child }) => (
  <details class="rest">
    <summary>{label}</summary>
    {children}
  </details>
);

const Lines = ({ text, limit, label }: { readonly text: string; readonly limit: number; readonly label: string }) => {
  const [shown, rest] = cut(text.split('\n'), limit);
  return (
    <>
      <section class="box" tabindex={0} aria-label={label}>
        <pre>
          <Visible text={shown.join('\n')} />
        </pre>
      </section>
      {rest.length > 0 && (
        <Rest label={more(rest.length, 'line', 'lines')}>
          <pre>
            <Visible text={rest.join('\n')} />
          </pre>
        </Rest>
      )}
    </>
  );
};

const shown = (text: string | undefined): string | undefined => (text === undefined ? undefined : visibleText(text));

const Press = ({ button, token }: { readonly button: Button; readonly token: string | undefined }) => (
  <button
    type="button"
    class={`button ${button.style}`}
    data-press={token}
    disabled={token === undefined}
    data-confirm-title={shown(button.confirm?.title)}
    data-confirm-text={shown(button.confirm?.text)}
    data-confirm-button={shown(button.confirm?.button)}
  >
    <Visible text={button.label} />
  </button>
);

const Rows = ({
  rows,
  columns,
}: Pick<Extract<Element, { kind: 'table' }>, 'columns'> & {
  readonly rows: Extract<Element, { kind: 'table' }>['rows'];
}) => (
  <tbody>
    {rows.map((row) => (
      <tr>
        {row.map((cell, at) => (
          <td data-column={visibleText(columns[at] ?? '')}>
            <Prose prose={cell} />
          </td>
        ))}
      </tr>
    ))}
  </tbody>
);

const Table = ({ table }: { readonly table: Extract<Element, { kind: 'table' }> }) => {
  const [shown, rest] = cut(table.rows, LIMITS.tableRows);
  const head = (
    <thead>
      <tr>
        {table.columns.map((column) => (
          <th scope="col">
            <Visible text={column} />
          </th>
        ))}
      </tr>
    </thead>
  );
  return (
    <>
      <section class="scroll" tabindex={0} aria-label={visibleText(table.caption)}>
        <table>
          <caption>
            <Visible text={table.caption} />
            <button type="button" class="enlarge" data-enlarge>
              Enlarge
            </button>
          </caption>
          {head}
          <Rows rows={shown} columns={table.columns} />
        </table>
      </section>
      {rest.length > 0 && (
        <Rest label={more(rest.length, 'row', 'rows')}>
          <div class="scroll">
            <table aria-label={visibleText(table.caption)}>
              {head}
              <Rows rows={rest} columns={table.columns} />
            </table>
          </div>
        </Rest>
      )}
    </>
  );
};

const List = ({ list }: { readonly list: Extract<Element, { kind: 'list' }> }) => {
  const [shown, rest] = cut(list.items, LIMITS.listItems);
  const items = (some: typeof list.items) =>
    some.map((item) => (
      <li>
        <Prose prose={item} />
      </li>
    ));
  const box = (some: typeof list.items, start: number) =>
    list.isOrdered ? <ol start={start}>{items(some)}</ol> : <ul>{items(some)}</ul>;
  return (
    <>
      {box(shown, 1)}
      {rest.length > 0 && <Rest label={more(rest.length, 'item', 'items')}>{box(rest, shown.length + 1)}</Rest>}
    </>
  );
};

const Piece = ({
  element,
  viewer,
  tokens,
}: {
  readonly element: Element;
  readonly viewer: Viewer;
  /** The rest of the tokens; this element's own come first. */
  readonly tokens: readonly string[];
}) => {
  switch (element.kind) {
    case 'heading':
      return (
        <h3>
          <Visible text={element.text} />
        </h3>
      );
    case 'text':
      return (
        <p>
          <Prose prose={element.prose} viewer={viewer} />
        </p>
      );
    case 'fields':
      return (
        <dl class="fields">
          {element.fields.map((field) => (
            <div>
              <dt>
                <Visible text={field.label} />
              </dt>
              <dd>
                <Prose prose={field.value} viewer={viewer} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'list':
      return <List list={element} />;
    case 'table':
      return <Table table={element} />;
    case 'code':
      return (
        <div class="code">
          <Lines text={element.text} limit={LIMITS.codeLines} label="Code" />
        </div>
      );
    case 'quote':
      return (
        <figure class="quote">
          <figcaption>
            Quoted, not ours: <Visible text={element.source} />
          </figcaption>
          <Lines
            text={element.text}
            limit={LIMITS.quoteLines}
            label={`Quoted text from ${visibleText(element.source)}`}
          />
        </figure>
      );
    case 'image':
      return (
        <figure class="picture">
          <figcaption>
            Picture, times in UTC
            <button type="button" class="enlarge" data-enlarge>
              Enlarge
            </button>
          </figcaption>
          <a href={viewer.picture(element.svg, 'svg')} target="_blank" rel="noopener" title="Open in a tab of its own">
            <img src={viewer.picture(element.svg, 'svg')} alt={visibleText(element.altText)} loading="lazy" />
          </a>
        </figure>
      );
    case 'notice':
      return (
        <p class={`notice ${element.tone}`}>
          <strong class="tone">{TONE_WORDS[element.tone]}</strong>
          <span>
            <Prose prose={element.prose} viewer={viewer} />
          </span>
        </p>
      );
    case 'context':
      return (
        <p class="context">
          <Prose prose={element.prose} viewer={viewer} />
        </p>
      );
    case 'actions':
      return (
        <div class="actions">
          {element.buttons.map((button, index) => (
            <Press button={button} token={tokens[index]} />
          ))}
        </div>
      );
    case 'divider':
      return <hr />;
  }
};

/** Elements in order; the i-th button over all of them carries the i-th token, and one without a token is disabled. */
export const Elements = ({
  elements,
  tokens,
  viewer,
}: {
  readonly elements: readonly Element[];
  readonly tokens: readonly string[];
  readonly viewer: Viewer;
}) => {
  let used = 0;
  return (
    <>
      {elements.map((element) => {
        const rest = tokens.slice(used);
        if (element.kind === 'actions') used += element.buttons.length;
        return <Piece element={element} viewer={viewer} tokens={rest} />;
      })}
    </>
  );
};

/** A card: the whole view in a box that carries its tone. */
export const Card = ({ deliverable, viewer }: { readonly deliverable: DeliverableView; readonly viewer: Viewer }) => {
  const { view, tokens } = deliverable;
  return (
    <section class={`card ${view.tone ?? 'plain'}`} aria-label={visibleText(view.summary)}>
      {view.elements.length === 0 ? (
        <p>
          <Visible text={view.summary} />
        </p>
      ) : (
        <Elements elements={view.elements} tokens={tokens} viewer={viewer} />
      )}
    </section>
  );
};
