/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON text looked at without building anything of it: members and elements are found as pieces of
 * the text. Pages with thousands of actions are taken apart with it and each action kept as the
 * text that the service sent. Every byte is checked against RFC 8259 on the way, and against the
 * bounds of ac_json_parse(); only whether the text is UTF-8 must be known before. May run in any
 * thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of somebody else's text: one JSON value, without white space around it. */
typedef struct
{
  const char *text;
  gsize length;
} AcJsonSlice;

/* A walk over the members of an object or the elements of an array. On the stack. */
typedef struct
{
  const char *at;
  const char *end;
  char closing;
  gboolean first;
  gboolean broken;
} AcJsonWalk;

gboolean ac_json_scan_value (const char *text, gsize length, AcJsonSlice *value);
gboolean ac_json_walk_object (AcJsonWalk *walk, const AcJsonSlice *object);
gboolean ac_json_walk_array (AcJsonWalk *walk, const AcJsonSlice *array);
gboolean ac_json_walk_member (AcJsonWalk *walk, AcJsonSlice *name, AcJsonSlice *value);
gboolean ac_json_walk_element (AcJsonWalk *walk, AcJsonSlice *value);
gboolean ac_json_slice_is (const AcJsonSlice *name, const char *plain);
gboolean ac_json_slice_is_string (const AcJsonSlice *value);
void ac_json_slice_append_string (const AcJsonSlice *value, GString *text);
char *ac_json_slice_dup_string (const AcJsonSlice *value);
gboolean ac_json_slice_get_integer (const AcJsonSlice *value, gint64 *number);

G_END_DECLS
