/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of settings that opens to a check for each word of a vocabulary, such as the types of
 * action, and says closed how many of them are checked. What is unchecked is kept in a key, so that
 * words which a later version knows begin checked. */
#pragma once

#include <adwaita.h>

#include "model/ac-vocabulary.h"

G_BEGIN_DECLS

#define AC_TYPE_VOCABULARY_ROW (ac_vocabulary_row_get_type ())
G_DECLARE_FINAL_TYPE (AcVocabularyRow, ac_vocabulary_row, AC, VOCABULARY_ROW, AdwExpanderRow)

void ac_vocabulary_row_set_up (AcVocabularyRow *self,
                               AcVocabulary vocabulary,
                               GSettings *settings,
                               const char *key);

G_END_DECLS
