/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-first-page.h"

/**
 * ac_first_page_new:
 *
 * Returns: (transfer full): a page of @query with nothing on it yet.
 */
AcFirstPage *
ac_first_page_new (AcActionQuery *query)
{
  AcFirstPage *page = g_new0 (AcFirstPage, 1);

  page->query = g_object_ref (query);
  return page;
}

void
ac_first_page_free (AcFirstPage *page)
{
  if (page == NULL)
    return;
  g_clear_pointer (&page->keys, g_array_unref);
  g_clear_pointer (&page->rows, g_ptr_array_unref);
  g_object_unref (page->query);
  g_free (page);
}
