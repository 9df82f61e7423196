/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "config.h"

#include <string.h>

#include "client/ac-change-kinds.h"
#include "model/ac-json-scan.h"

static gboolean
is_of_kind (const AcJsonSlice *change, const char *kind)
{
  AcJsonSlice name;
  AcJsonSlice value;
  AcJsonWalk walk;

  ac_json_walk_object (&walk, change);
  while (ac_json_walk_member (&walk, &name, &value))
    if (ac_json_slice_is (&name, "kind"))
      return ac_json_slice_is (&value, kind);
  return FALSE;
}

/**
 * ac_change_kinds_has:
 * @page: the answer of GET /changes, or an event of its stream
 * @kind: as on the wire
 *
 * Returns: whether some change in it is of that kind; %FALSE for what is no page of changes.
 */
gboolean
ac_change_kinds_has (GBytes *page, const char *kind)
{
  g_autofree char *quoted = g_strconcat ("\"", kind, "\"", NULL);
  gsize length;
  const char *text = g_bytes_get_data (page, &length);
  AcJsonSlice root;
  AcJsonSlice name;
  AcJsonSlice value;
  AcJsonSlice change;
  AcJsonWalk walk;
  AcJsonWalk items;

  /* Few pages have the word; all the others cost no more than this. */
  if (text == NULL || memmem (text, length, quoted, strlen (quoted)) == NULL ||
      !g_utf8_validate_len (text, length, NULL) || !ac_json_scan_value (text, length, &root) ||
      !ac_json_walk_object (&walk, &root))
    return FALSE;
  while (ac_json_walk_member (&walk, &name, &value))
    if (ac_json_slice_is (&name, "items") && ac_json_walk_array (&items, &value))
      while (ac_json_walk_element (&items, &change))
        if (is_of_kind (&change, kind))
          return TRUE;
  return FALSE;
}
