/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message as text that is safe to look at: nothing in it is fetched, run, or able to pass itself
 * off as something else. No input or output. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonObject *ac_mime_text_to_json (GBytes *message);

G_END_DECLS
