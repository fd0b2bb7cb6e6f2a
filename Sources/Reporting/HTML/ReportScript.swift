/// The script of the report: sorts a table by the column whose heading is clicked.
enum ReportScript {
    static let text = """
        for (const table of document.querySelectorAll('table.sortable')) {
          const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
          const value = (row, column) => {
            const cell = row.cells[column], text = cell.dataset.v ?? cell.textContent;
            const number = text === '' ? NaN : Number(text);
            return { text, number, missing: text === '' };
          };
          heads.forEach((head, column) => head.firstElementChild.addEventListener('click', () => {
            const sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
            heads.forEach(h => h.removeAttribute('aria-sort'));
            head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
            const isText = head.classList.contains('text');
            const rows = [...body.rows].map(row => ({ row, key: value(row, column) }));
            rows.sort((a, b) => {
              if (a.key.missing !== b.key.missing) return a.key.missing ? 1 : -1;
              if (isText) return sign * a.key.text.localeCompare(b.key.text, undefined, { numeric: true });
              return a.key.number === b.key.number ? 0 : sign * (a.key.number < b.key.number ? -1 : 1);
            });
            body.append(...rows.map(r => r.row));
          }));
        }
        """
}
