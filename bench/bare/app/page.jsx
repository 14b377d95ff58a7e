// Rendered for each request, as the install page is.
export const dynamic = 'force-dynamic'

export default function Page() {
  return <main>Nothing but Next and React.</main>
}
