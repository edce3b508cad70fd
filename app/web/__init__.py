"""What every page needs: forms, rights, paging, formats, headers, static files."""
