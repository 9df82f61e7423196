/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small builders shared by the model's tests. */
#pragma once

#include "model/ac-json.h"

/* Returns: (transfer full): the object that @text is; ' stands for ". */
static inline JsonObject *
object_from_text (const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = ac_json_parse (bytes, &error);

  g_assert_no_error (error);
  return json_node_dup_object (root);
}
