/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a text is looked up in others: by words whose letters a person takes for the same, and by an
 * index of FTS5 that knows any three letters in a row. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *ac_search_text_fold (const char *text);
GStrv ac_search_text_split (const char *text);
char *ac_search_text_question (const char *const *words);

G_END_DECLS
