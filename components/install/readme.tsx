import type { ReactNode } from 'react'
import Markdown from 'react-markdown'

const section = ({ children }: { children?: ReactNode }) => <h4>{children}</h4>

/** An author's text as Markdown, on the server: no HTML of its own, no remote images, links that give nothing away. */
export function Readme({ text }: { text: string }) {
  if (/^https?:\/\/\S+$/.test(text.trim())) {
    return (
      <p className="text-sm wrap-anywhere">
        The author keeps the readme at{' '}
        <a className="text-primary underline underline-offset-4" href={text.trim()} rel="noopener noreferrer nofollow" target="_blank">
          {text.trim()}
        </a>
      </p>
    )
  }
  return (
    <div className="prose-readme text-sm">
      <Markdown
        skipHtml
        components={{
          h1: section,
          h2: section,
          h3: section,
          h4: section,
          h5: section,
          h6: section,
          a: ({ href, children }) => (
            <a href={href} rel="noopener noreferrer nofollow" target="_blank">
              {children}
            </a>
          ),
          img: ({ alt }) => <span className="text-muted-foreground">[picture: {alt === undefined || alt === '' ? 'no description' : alt}]</span>,
        }}
      >
        {text}
      </Markdown>
    </div>
  )
}
