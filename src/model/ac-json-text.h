/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON written member by member at the end of a text, for answers of many rows, where a tree of
 * nodes for each would cost more than everything else. Compact, on one line, UTF-8 as it is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ac_json_text_open (GString *text, char bracket);
void ac_json_text_close (GString *text, char bracket);
void ac_json_text_add_name (GString *text, const char *name);

/* Elements of an array. */
void ac_json_text_add_element (GString *text, const char *value);

/* Members of an object; without a value there is no member. */
void ac_json_text_add_string (GString *text, const char *name, const char *value);
void ac_json_text_add_time (GString *text, const char *name, gint64 time);
void ac_json_text_add_integer (GString *text, const char *name, gint64 value);
void ac_json_text_add_boolean (GString *text, const char *name, gboolean value);
void ac_json_text_add_json (GString *text, const char *name, const char *json);

G_END_DECLS
