/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the generator puts its text together from: many languages and scripts, long and short, with
 * the marks that trouble programs. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *const *words;
  guint n;
} GenerateWords;

/* Subjects and file names have one %u. */
extern const GenerateWords generate_subjects;
extern const GenerateWords generate_file_names;
extern const GenerateWords generate_titles;
extern const GenerateWords generate_reasons;
extern const GenerateWords generate_comments;
extern const GenerateWords generate_given_names;
extern const GenerateWords generate_family_names;
extern const GenerateWords generate_own_domains;
extern const GenerateWords generate_sender_names;
extern const GenerateWords generate_sender_domains;
extern const GenerateWords generate_url_paths;
extern const GenerateWords generate_folders;
extern const GenerateWords generate_threats;
extern const GenerateWords generate_media_types;
extern const GenerateWords generate_failures;
extern const GenerateWords generate_analysts;
